"""OpenSSH's own client: hosts that are known, keys that stay in memory, commands and files."""
