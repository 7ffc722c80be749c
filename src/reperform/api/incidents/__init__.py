"""Incidents, for programs."""
