"""Reviews of access: campaigns, lists of accounts, decisions line by line, open removals."""
