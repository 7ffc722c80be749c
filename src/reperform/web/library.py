"""The library, read once for each process: it does not change while the server runs."""

from reperform.catalog.installed import catalog

__all__ = ["catalog"]
