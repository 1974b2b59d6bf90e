"""The machine underneath: threads, processes and memory."""
