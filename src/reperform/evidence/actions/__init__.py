"""Verbs on connections and on what they bring."""
