"""Why a network answers as it does, in terms that are true of its own numbers."""
