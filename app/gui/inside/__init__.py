"""VIEW: the panel of View > Inside, tab by tab."""
