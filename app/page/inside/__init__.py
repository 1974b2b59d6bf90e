"""Presenters of View > Inside: what a look into the network shows, in plain values."""
