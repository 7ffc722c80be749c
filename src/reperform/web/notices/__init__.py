"""Pages of what was noticed."""
