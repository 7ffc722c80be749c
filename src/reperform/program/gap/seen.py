"""What an examination saw of controls, as facts that management's gap analysis rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reperform.base.period import Period
from reperform.program.gap import Facet
from reperform.program.scope import ReportType
from reperform.program.scope.document import ScopeDocument

NO_EXCEPTIONS = "no exceptions"
UNABLE = "unable to test"


@dataclass(frozen=True, slots=True)
class SeenTest:
    """One test of a control and what came out.

    Attributes:
        id: of the test, as in `CHG-01.T1`.
        conclusion: as results.json names it.
        reason: why, in words.
        population: items that it applied to.
        deviations: items that deviated.
        sha256: digest of the test; empty when the results do not say.
        is_whole: evidence was there for every day and every item.
    """

    id: str
    conclusion: str
    reason: str
    population: int
    deviations: int
    sha256: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class SeenControl:
    """One control as an examination saw it.

    Attributes:
        implemented, evidenced, operated: its facets.
        tests: what was run of the library's tests.
        is_own: it is management's own, which no test of the library can see.
    """

    implemented: Facet
    evidenced: Facet
    operated: Facet
    tests: tuple[SeenTest, ...]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One examination, as far as the gap analysis reads it.

    Attributes:
        number: of the examination.
        on: the day on which its evidence was looked at.
        type: 1 or 2.
        period: the days that its evidence had to cover.
        categories: in its scope.
        library: digest of the library that it used; empty when it does not say.
        controls: by the library's id, and management's own by their code.
    """

    number: int
    on: date
    type: ReportType
    period: Period
    categories: tuple[str, ...]
    library: str
    controls: Mapping[str, SeenControl]

    def period_text(self) -> str:
        """Return its type and days in words."""
        if self.type == 1:
            return f"Type 1 as of {self.period.last}"
        return f"Type 2, {self.period.first} to {self.period.last}"


def caveats(seen: Seen | None, scope: ScopeDocument, *, library: str) -> tuple[str, ...]:
    """Return why what was seen is not evidence for the scope as it stands; empty when it is.

    Args:
        seen: the latest examination; None while there is none.
        scope: the scope as it stands.
        library: digest of the library of today.
    """
    if seen is None:
        return ()
    found = []
    period = scope.period
    if period is None:
        found.append("the scope has not decided type and period, so no evidence covers them")
    elif scope.type != seen.type or period != seen.period:
        wanted = (
            f"Type 1 as of {period.last}"
            if scope.type == 1
            else f"Type 2, {period.first} to {period.last}"
        )
        found.append(
            f"examination {seen.number} was for {seen.period_text()}, and the scope is {wanted}"
        )
    unseen = [name for name in scope.categories if name not in seen.categories]
    if unseen:
        found.append(f"examination {seen.number} did not look at {', '.join(unseen)}")
    if seen.library and seen.library != library:
        found.append(
            f"examination {seen.number} used another version of the library: "
            "controls and tests may have changed since"
        )
    return tuple(found)


def spoils_evidence(seen: Seen, scope: ScopeDocument) -> bool:
    """Return whether what was seen is of another type or of other days than the scope's."""
    return scope.period is None or scope.type != seen.type or scope.period != seen.period
