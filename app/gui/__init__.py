"""The view: all that is made of Tk."""
