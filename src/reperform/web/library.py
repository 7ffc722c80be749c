"""The library, read once for each process: it does not change while the server runs."""

from functools import cache

from reperform.catalog.library import Catalog, load_catalog


@cache
def catalog() -> Catalog:
    """Return the catalog of this installation."""
    return load_catalog()
