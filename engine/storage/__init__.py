"""Networks as folders: written whole, read with all of it checked; also those of other projects."""
