"""The table of sizes that this installation has."""

from functools import cache

from reperform.base.refusal import RefusalError
from reperform.catalog.library import library_folder, read_library_file
from reperform.testing.sampling.sizes import SIZES_FILE, SizeTable, read_sizes


class SizesRefusedError(RefusalError):
    """The table of sizes says what cannot be."""

    slug = "sizes-refused"


@cache
def size_table() -> SizeTable:
    """Return the library's table.

    Raises:
        LibraryMissingError: there is no library.
        SizesRefusedError: the file is missing or wrong.
    """
    path = library_folder() / SIZES_FILE
    table, problems = read_sizes(read_library_file(path))
    if table is None:
        raise SizesRefusedError(
            f"no size was given: {problems[0]}",
            why="A size from half a table would look like a considered one.",
            todo=f"correct {path}",
        )
    return table
