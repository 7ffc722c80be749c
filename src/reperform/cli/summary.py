"""The summary that ends a quickstart: what was found, in numbers, and where it was written."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from reperform.audit.examination import Examination
from reperform.base.visible import visible
from reperform.program.gap import Facet, Status
from reperform.testing.outcome import Conclusion

_MOST_NAMED = 12


def print_summary(console: Console, examination: Examination, paths: Sequence[Path]) -> None:
    """Print criteria by status, tests by conclusion, controls without evidence, and paths."""
    console.print(_criteria(examination))
    console.print(_tests(examination))
    console.print(_unevidenced(examination))
    for line in _not_seen(examination):
        console.print(line, markup=False)
    console.print()
    for path in paths:
        console.print(f"wrote {path}", markup=False, soft_wrap=True)


def _criteria(examination: Examination) -> Table:
    table = Table(title="Criteria in scope", title_justify="left")
    table.add_column("category")
    for status in Status:
        table.add_column(status.value, justify="right")
    for category in examination.scope.categories:
        counted = Counter(
            gap.status for gap in examination.gaps if gap.criterion.category == category
        )
        table.add_row(category, *(str(counted[status]) for status in Status))
    return table


def _tests(examination: Examination) -> Table:
    table = Table(title="Tests of controls", title_justify="left")
    table.add_column("conclusion")
    table.add_column("tests", justify="right")
    table.add_column("which", overflow="fold")
    for conclusion in Conclusion:
        named = [test for test, run in examination.runs.items() if run.conclusion is conclusion]
        table.add_row(conclusion.value, str(len(named)), _listed(named))
    return table


def _unevidenced(examination: Examination) -> str:
    named = [
        examined.readiness.control.id
        for examined in examination.controls
        if examined.readiness.evidenced is Facet.NO
    ]
    return (
        f"Controls without evidence: {len(named)} of {len(examination.controls)}: {_listed(named)}"
    )


def _not_seen(examination: Examination) -> list[str]:
    return [
        f"Not seen: {fact.stream} ({fact.outcome}): {visible(first_line, limit=300)}"
        for fact in examination.collections
        if fact.outcome != "complete"
        for first_line in fact.reason.splitlines()[:1]
    ]


def empty_range(examination: Examination) -> str:
    """Return a sentence when no commit lies in the period; an empty text when some do.

    A Type 1 looks at one day, and says nothing of how controls over changes operated.
    """
    if examination.scope.type == 1:
        return ""
    runs = [run for run in examination.runs.values() if "git.commits" in run.procedure.tables]
    if not runs or any(run.population for run in runs):
        return ""
    period = examination.scope.period
    return (
        f"There is no commit of the release branch in {period}: controls over changes did not "
        "operate, which is neither a pass nor a deviation."
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    shown = ", ".join(names[:_MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
