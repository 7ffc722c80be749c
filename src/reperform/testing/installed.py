"""The tests of controls of this installation, read once for each process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reperform.catalog.library import library_folder
from reperform.program.controls.fit import LibraryTest
from reperform.testing.manual import ManualProcedure, load_manual
from reperform.testing.procedure import Procedure, load_procedures


@dataclass(frozen=True, slots=True)
class ControlTests:
    """What tests one control: by itself, and by a person's hand."""

    automatic: tuple[Procedure, ...] = ()
    manual: tuple[ManualProcedure, ...] = ()


def library_test(test: str) -> LibraryTest | None:
    """Return a test that the engine runs, as confirmations name it; None when there is none."""
    found = tests_by_id().get(test)
    if found is None:
        return None
    return LibraryTest(found.id, found.control, found.sha256, found.occurrences)


@cache
def tests_by_id() -> Mapping[str, Procedure]:
    """Return every test that the engine runs, by its id.

    Raises:
        ProcedureMalformedError, FrontMatterError, LibraryMissingError: as `installed_tests`.
    """
    every = (each for tests in installed_tests().values() for each in tests.automatic)
    return {each.id: each for each in every}


@cache
def installed_tests() -> Mapping[str, ControlTests]:
    """Return the tests of each control of the library, by its id.

    Raises:
        ProcedureMalformedError, FrontMatterError: a file is not one.
        LibraryMissingError: there is no library.
    """
    folder = library_folder() / "tests"
    automatic, manual = load_procedures(folder), load_manual(folder)
    names = {each.control for each in automatic} | {each.control for each in manual}
    return {
        name: ControlTests(
            automatic=tuple(each for each in automatic if each.control == name),
            manual=tuple(each for each in manual if each.control == name),
        )
        for name in names
    }
