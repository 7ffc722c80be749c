"""How many items to look at, which ones, and what they say of all.

Looking at every item is the rule here, for a machine reads them all; a sample is the exception
that is said.
"""
