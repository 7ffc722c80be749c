"""Noticing: what must not go unnoticed, kept from when it begins until it is over, and told."""
