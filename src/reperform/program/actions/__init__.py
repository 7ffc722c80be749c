"""Verbs about the program: each one transaction and one ledger entry."""
