"""The git connector."""
