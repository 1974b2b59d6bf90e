"""Long work of the window, in processes of their own."""
