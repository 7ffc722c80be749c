"""Waivers: accepted departures from what a test of a control demands.

A waiver never changes an outcome: a deviation stays a deviation, and is shown with who accepted it,
until when and why.  Whoever asks for one does not approve it; it ends on a day; nothing is waived
for good.
"""
