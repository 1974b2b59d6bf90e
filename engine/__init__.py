"""The engine of LeNet Canvas: a network in NumPy, and everything about its learning."""
