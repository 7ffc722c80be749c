"""Verbs about organizations, members and tokens: each one transaction, one ledger entry."""
