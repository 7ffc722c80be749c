"""Risks: what could keep the organization from its objectives, how much, and what is done.

A rating is never computed from anything but an assessment and the scales that it was made with.
"""
