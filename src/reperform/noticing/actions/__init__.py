"""Keeping what was noticed, and telling it."""
