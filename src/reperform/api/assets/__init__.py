"""The inventory of assets and the flows of data between them, for programs."""
