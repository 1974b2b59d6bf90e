"""The window and the command line of LeNet Canvas; imports the engine, never the other way."""

VERSION = "0.1.0"
