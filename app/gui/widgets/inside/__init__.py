"""Widgets of View > Inside: plain values in, events out."""
