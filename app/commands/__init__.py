"""What each mode of the command line does: one module a subject. They and app.cli alone print."""
