"""From strokes and pictures to the 28x28 ink that a network sees, and its variations."""
