"""The command line: translates words into calls, and results into tables.  It holds no rule."""
