"""The network itself: operations, layers, losses, and the chain that they make. Read it first."""
