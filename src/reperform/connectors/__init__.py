"""Connectors: the only code that asks the outside world.

A connector asks a question, yields each answer byte for byte, and either gets to the end or
raises; it never returns what it got so far.  Shaping answers into tables is separate and pure,
so that it can be done again years later from the kept bytes.  A connector knows no database,
keeps nothing, and writes nothing to what it looks at.
"""
