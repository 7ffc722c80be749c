"""The host connector."""
