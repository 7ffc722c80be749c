"""The catalog of this installation, read once for each process: it changes by upgrades only."""

from functools import cache

from reperform.catalog.library import Catalog, load_catalog


@cache
def catalog() -> Catalog:
    """Return the catalog of this installation.

    Raises:
        LibraryMissingError, LibraryRefusedError: see `load_catalog`.
    """
    return load_catalog()
