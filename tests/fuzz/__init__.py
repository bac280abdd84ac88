"""Strangers by the hundred thousand updates: see README.md."""
