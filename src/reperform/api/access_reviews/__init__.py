"""Reviews of access, for programs."""
