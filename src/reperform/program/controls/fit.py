"""Whether a test of the library fits a control that management tailored.

A test is written for the library's words.  That it tests another wording too is a judgment, which
somebody makes, for a reason, of one text and of one test: a change of either ends it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reperform.base.refusal import RefusalError


@dataclass(frozen=True, slots=True)
class LibraryTest:
    """A test of the library, as far as a confirmation names it.

    Attributes:
        id: as in `CHG-01.T1`.
        control: the library's control that it is written for.
        sha256: of its file.
        frequency: how often it expects the control to operate; empty when it expects no rhythm.
    """

    id: str
    control: str
    sha256: str
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody confirmed that a test fits a wording.

    Attributes:
        test: the test's id.
        test_sha256: of the test's file as it was.
        wording_sha256: of the wording as it was, see `program.controls.tested`.
        by: who confirmed.
        on: the day.
        reason: why it fits.
    """

    test: str
    test_sha256: str
    wording_sha256: str
    by: str
    on: date
    reason: str

    def outdated(self, *, test_sha256: str, wording_sha256: str) -> str:
        """Return what changed since, in words; empty while the confirmation stands."""
        changed = [
            name
            for name, was, now in (
                ("the wording", self.wording_sha256, wording_sha256),
                ("the test", self.test_sha256, test_sha256),
            )
            if was != now
        ]
        return " and ".join(changed)


@dataclass(frozen=True, slots=True)
class Fitting:
    """How the tests of a tailored control stand to its wording.

    Attributes:
        fits: a sentence for each test that somebody confirmed.
        lacking: a sentence for each that nobody did, or whose confirmation is outdated.
    """

    fits: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether there are tests, and each of them fits."""
        return bool(self.fits) and not self.lacking


NOTHING_FITS = Fitting((), ())
"""Of a control whose tests are of its own words, or that has none."""


def fitting(
    tests: Iterable[tuple[str, str]], *, confirmed: Mapping[str, Fit], wording_sha256: str
) -> Fitting:
    """Return which tests fit a wording, and which do not.

    Args:
        tests: id and SHA-256 of each test that was run.
        confirmed: the latest confirmation of each test, by its id.
        wording_sha256: of the wording as it stands.
    """
    fits, lacking = [], []
    for test, sha256 in tests:
        fit = confirmed.get(test)
        if fit is None:
            lacking.append(f"nobody has confirmed that {test} fits this wording")
            continue
        said = f"{fit.by} confirmed on {fit.on} that {test} fits"
        changed = fit.outdated(test_sha256=sha256, wording_sha256=wording_sha256)
        if changed:
            verb = "have" if " and " in changed else "has"
            lacking.append(f"{said}, and {changed} {verb} changed since")
        else:
            fits.append(f"{said} this wording: {fit.reason}")
    return Fitting(tuple(fits), tuple(lacking))


class FitRefusedError(RefusalError):
    """A test cannot be confirmed to fit a control."""

    slug = "fit-refused"

    def __init__(self, code: str, test: str, what: str, *, todo: str) -> None:
        """Name control and test, and say why."""
        super().__init__(
            f"nothing was confirmed of {test} and {code}: {what}",
            why="What a test says of one wording is taken for another only when somebody has "
            "compared the two.",
            todo=todo,
        )
