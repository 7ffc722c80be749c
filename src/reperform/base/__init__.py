"""Base: the small words that every stage speaks.

Pure values: periods, problems, refusals, canonical JSON, front matter, table declarations.
Nothing here reads a clock, a database or the network.
"""
