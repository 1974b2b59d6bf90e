"""What a network reads: how sure it is, what it rejects, and how well it does."""
