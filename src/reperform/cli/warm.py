"""What every page needs, read before the first visitor asks."""

import gc
from pathlib import Path

from django.template.engine import Engine
from django.urls import get_resolver

from reperform.catalog.glossary import glossary
from reperform.catalog.installed import catalog
from reperform.program.controls.wording import control_wording
from reperform.program.description.files import description_library
from reperform.testing.installed import installed_tests


def warm_up() -> None:
    """Read the library, every page's code and template; let the garbage collector pass over them.

    They stay as long as the process.  A full round of the collector over them takes about 0.2 s,
    in the middle of whichever page it falls on: see docs/explanation/performance.md.

    Raises:
        LibraryMissingError, LibraryRefusedError: the library cannot be relied on.
    """
    for read in (catalog, description_library, installed_tests, control_wording, glossary):
        read()
    _ = get_resolver().url_patterns
    engine = Engine.get_default()
    for folder in engine.dirs:
        for file in sorted(Path(folder).rglob("*.html")):
            engine.get_template(file.relative_to(folder).as_posix())
    gc.collect()
    gc.freeze()
