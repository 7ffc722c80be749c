"""Tiles: the tree as small files that never change.  Source: C2SP tlog-tiles.

A tile holds up to 256 hashes of one level; a bundle holds up to 256 entries.  A full one is final;
a partial one (`.p/<width>`) is replaced by a wider one as the tree grows.
"""

import re
from collections.abc import Iterator, Sequence

WIDTH = 256
LARGEST_ENTRY = 65_535
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<number>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


def tile_path(level: int | str, number: int, width: int) -> str:
    """Return the path of a tile (`level` a number) or of an entry bundle (`level` "entries").

    >>> tile_path(0, 1234067, 256)
    'tile/0/x001/x234/067'
    >>> tile_path("entries", 0, 5)
    'tile/entries/000.p/5'
    """
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def parse_tile_path(path: str) -> tuple[int | str, int, int]:
    """Return level (or "entries"), number and width of a tile's path.

    Raises:
        ValueError: it is not one, or not in its one spelling.

    >>> parse_tile_path("tile/entries/x001/234.p/5")
    ('entries', 1234, 5)
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(f"{path[:80]!r} is not the path of a tile")
    level = found["level"] if found["level"] == "entries" else int(found["level"])
    number = int(found["number"].replace("x", "").replace("/", ""))
    width = int(found["width"] or WIDTH)
    if not 1 <= width <= WIDTH or tile_path(level, number, width) != path:
        raise ValueError(f"{path[:80]!r} is not the path of a tile")
    return level, number, width


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each entry behind its length as a big-endian uint16."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: the bundle ends within an entry.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if len(bundle) - at < 2 + length:
            raise ValueError(f"it ends within entry {len(entries)}")
        entries.append(entry)
        at += 2 + length
    return entries


def entry_paths(size: int, *, since: int = 0) -> Iterator[tuple[str, int]]:
    """Yield path and number of entries of each entry bundle of a tree of `size` entries.

    With `since`, only of those that are not yet full in a tree of that size.
    """
    for number in range(since // WIDTH, -(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        yield tile_path("entries", number, width), width


def tree_files(size: int) -> list[str]:
    """Return the path of every file that it takes to verify a tree of `size` entries.

    Others below `tile/` are partial tiles of smaller sizes, which nothing read here covers.

    >>> tree_files(257)
    ['tile/entries/000', 'tile/entries/001.p/1', 'tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']
    """
    paths = [path for path, _ in entry_paths(size)]
    level, count = 0, size
    while count:
        paths += [
            tile_path(level, number, min(WIDTH, count - number * WIDTH))
            for number in range(-(-count // WIDTH))
        ]
        level, count = level + 1, count // WIDTH
    return paths
