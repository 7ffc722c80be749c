"""Pages of the register of vendors."""
