"""The inventory of assets, the flows of data between them, and the diagram of the boundary."""
