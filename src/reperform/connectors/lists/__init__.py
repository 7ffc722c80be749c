"""lists: files of a tool that nobody wrote a connector for, by a mapping that the user states."""

from reperform.connectors.lists.connector import CONNECTOR

__all__ = ["CONNECTOR"]
