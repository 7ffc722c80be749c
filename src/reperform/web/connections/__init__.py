"""Pages of the connections to sources, their tests, their runs and what these cover."""
