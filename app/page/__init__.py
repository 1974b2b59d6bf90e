"""The model and the controllers: what the window does, without Tk."""
