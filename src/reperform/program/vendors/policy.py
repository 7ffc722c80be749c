"""What `library/vendors/criticality.yaml` lays down: classes, cycles, and what they bear on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.months import add_months
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file

FILE = "vendors/criticality.yaml"
_LONGEST_CYCLE = 120
_YEAR = 12


@dataclass(frozen=True, slots=True)
class CriticalityClass:
    """One class: see the file."""

    name: str
    months: int
    report: bool
    means: str


@dataclass(frozen=True, slots=True)
class VendorPolicy:
    """What follows from a vendor's class.

    Attributes:
        classes: the highest first.
        bridge_days: days that a bridge letter customarily covers at most.
        soon_days: days before which something due is near.
        criteria: criteria that the register says something of.
        controls: reviews, reports, contracts and owners -> ids of the library's controls.
    """

    classes: tuple[CriticalityClass, ...]
    bridge_days: int
    soon_days: int
    criteria: tuple[str, ...]
    controls: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes, the highest first."""
        return tuple(each.name for each in self.classes)

    @property
    def with_report(self) -> tuple[str, ...]:
        """Classes of which an independent auditor's report is expected."""
        return tuple(each.name for each in self.classes if each.report)

    def due_on(
        self, criticality: str, *, started_on: date | None, reviewed_on: date | None
    ) -> date | None:
        """Return the last day on which the next review is in time.

        Before its first review that is the day on which it starts; None when neither the start
        nor the class is known, which is no reason to call it reviewed.
        """
        if reviewed_on is None:
            return started_on
        found = next((each for each in self.classes if each.name == criticality), None)
        return add_months(reviewed_on, found.months) if found else None


@cache
def vendor_policy(folder: Path | None = None) -> VendorPolicy:
    """Return what `folder`, by default our own library, lays down.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: the file says what cannot be.
    """
    path = (folder or library_folder()) / FILE
    said = load_yaml(read_library_file(path), where=FILE)
    try:
        return _read(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LibraryRefusedError(
            f"{FILE} was not read: {error!r}"[:300],
            why="Without the classes nobody can say which vendor is due for a review.",
            todo="correct the file, or install reperform again",
        ) from error


def _read(said: Any) -> VendorPolicy:  # noqa: ANN401 - YAML
    classes = tuple(
        CriticalityClass(str(e["name"]), int(e["months"]), e["report"] is True, str(e["means"]))
        for e in said["classes"]
    )
    traces = {str(name): tuple(map(str, ids)) for name, ids in said["traces"].items()}
    criteria = traces.pop("criteria")
    if not classes or not all(0 < each.months <= _LONGEST_CYCLE for each in classes):
        raise ValueError(f"a class has a cycle of 1 to {_LONGEST_CYCLE} months")
    if set(criteria) - set(CRITERION_IDS) or set(traces) != set(_KINDS):
        raise ValueError(f"traces names criteria, {', '.join(_KINDS)}")
    days = int(said["bridge_days"]), int(said["soon_days"])
    return VendorPolicy(classes, *days, criteria, traces)


_KINDS = ("reviews", "reports", "contracts", "owners")
