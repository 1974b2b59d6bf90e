"""Which data sets there are, where they lie, and how MNIST gets there."""
