"""The parts of the window: plain values in, events out."""
