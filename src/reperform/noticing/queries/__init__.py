"""Questions about what is to be noticed, and what was."""
