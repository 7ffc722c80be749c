"""The lint of controls against our own library, remembered: lists ask for it again and again."""

from collections.abc import Callable
from functools import lru_cache

from reperform.catalog.controls import Control
from reperform.program.controls.document import ControlDocument, library_document
from reperform.program.controls.lint import Finding, findings
from reperform.program.controls.wording import control_wording

Linter = Callable[[ControlDocument, str, bool], tuple[Finding, ...]]
"""From a document, the library's id that it comes from, and whether somebody owns it."""


@lru_cache(maxsize=4)
def linter(controls: tuple[Control, ...]) -> Linter:
    """Return the lint against a library's controls.

    Raises:
        LibraryMissingError, LibraryRefusedError: see `control_wording`.
    """
    wording = control_wording()
    library = {control.id: library_document(control) for control in controls}

    @lru_cache(maxsize=20_000)
    def lint(
        document: ControlDocument,
        library_id: str,
        is_owned: bool,  # noqa: FBT001 - a key of the memory
    ) -> tuple[Finding, ...]:
        return findings(
            document, wording, library_id=library_id, library=library, is_owned=is_owned
        )

    return lint
