"""Images and drawings with their labels: from files, and made on demand."""
