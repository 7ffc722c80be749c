"""Questions about examinations that were kept."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import OuterRef, QuerySet, Subquery

from reperform.accounts.models import Membership, Organization
from reperform.audit.comparison import Comparison, compare
from reperform.audit.models import ExaminationRecord, OutcomeRecord
from reperform.audit.seen import seen_of
from reperform.base.period import Period
from reperform.base.search import Entry, find, fragments_of, words_of
from reperform.catalog.glossary import glossary
from reperform.catalog.library import Catalog
from reperform.evidence.models import Job
from reperform.evidence.queries.manual import found_manual
from reperform.evidence.queries.search import found_connections
from reperform.ledger.home import home
from reperform.program.description.files import description_library
from reperform.program.gap.analysis import GapAnalysis, analyze_gaps
from reperform.program.gap.seen import Seen
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.program.plan.state import ProgramState, state_of
from reperform.program.queries import adopted_controls, current_scope, latest_fields
from reperform.program.queries.plan import deciding_tasks, planned_tasks
from reperform.program.queries.remembered import last_entry
from reperform.program.queries.search import MOST_OF_A_TABLE as _MOST_OF_A_TABLE
from reperform.program.queries.search import REGISTERS
from reperform.program.queries.search import Asked as _Asked
from reperform.program.queries.traces import traces
from reperform.program.queries.traces_asked import TracesAsked


def examinations(organization: Organization) -> QuerySet[ExaminationRecord]:
    """Return the organization's examinations, newest first; without their results."""
    return (
        ExaminationRecord.objects.filter(organization=organization)
        .defer("results")
        .order_by("-number")
    )


def told(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return jobs with the examination, or the outcome of a test, that each led to."""
    led_to = jobs.select_related("connection", "run", "examination", "outcome")
    return led_to.defer("examination__results", "outcome__record")


def outcomes(
    organization: Organization, *, test: str = "", control: str = ""
) -> QuerySet[OutcomeRecord]:
    """Return what tests of controls said over time, newest first; of one, or of one control's."""
    found = OutcomeRecord.objects.filter(organization=organization)
    if test:
        found = found.filter(test=test)
    if control:
        found = found.filter(control=control)
    return (
        found.select_related("examination", "job")
        .defer("examination__results", "record")
        .order_by("-at", "-pk")
    )


def latest_outcomes(organization: Organization) -> dict[str, OutcomeRecord]:
    """Return the newest outcome of each test, by the test's id."""
    newest = (
        OutcomeRecord.objects.filter(organization=organization, test=OuterRef("test"))
        .order_by("-at", "-pk")
        .values("pk")[:1]
    )
    found = outcomes(organization).filter(pk=Subquery(newest))
    return {each.test: each for each in found}


def latest_examination(organization: Organization) -> ExaminationRecord | None:
    """Return the newest examination, with its results; None while there is none."""
    return ExaminationRecord.objects.filter(organization=organization).order_by("-number").first()


def examination(organization: Organization, number: int) -> ExaminationRecord | None:
    """Return one examination of the organization with its results; None when it has none such."""
    return ExaminationRecord.objects.filter(organization=organization, number=number).first()


def output_path(examination: ExaminationRecord, name: str) -> Path:
    """Return where an output of an examination is kept."""
    return home() / "examinations" / examination.folder / name


def gap_analysis(organization: Organization, *, catalog: Catalog, at: datetime) -> GapAnalysis:
    """Return management's gap analysis as of `at`, which is now, with what it rests on."""
    entry = last_entry(organization)
    scope = current_scope(organization)
    adopted = adopted_controls(organization, library=catalog.controls)
    controls = {each.control.id: each for each in adopted}
    return analyze_gaps(
        criteria=catalog.criteria,
        library=catalog.controls,
        library_digest=catalog.digest,
        scope=scope.document,
        scope_number=scope.number,
        adopted=adopted,
        seen=_seen(latest_examination(organization)),
        traces=traces(TracesAsked(organization, at.date(), scope.document, controls), entry=entry),
    )


def program_state(
    organization: Organization, *, catalog: Catalog, at: datetime, whole: bool = False
) -> ProgramState:
    """Return where the program stands and what is planned; `whole` has every closed task too."""
    analysis = gap_analysis(organization, catalog=catalog, at=at)
    tasks = planned_tasks(organization) if whole else deciding_tasks(organization)
    return state_of(organization.name, analysis, tasks, at=at)


def _seen(record: ExaminationRecord | None) -> Seen | None:
    if record is None:
        return None
    return seen_of(
        record.results,
        number=record.number,
        kind=1 if record.type == 1 else 2,
        period=Period(record.first_day, record.last_day),
        at=record.at.date(),
    )


@dataclass(frozen=True, slots=True)
class Since:
    """What broke between the two newest examinations, and which these are."""

    before: ExaminationRecord
    after: ExaminationRecord
    comparison: Comparison


def what_broke(organization: Organization) -> Since | None:
    """Return what broke from the examination before the newest to the newest; None for one."""
    after, before = [*examinations(organization)[:2], None, None][:2]
    if after is None or before is None:
        return None
    compared = _compared(before.pk, before.results_sha256, after.pk, after.results_sha256)
    return Since(before, after, compared)


@lru_cache(maxsize=64)
def _compared(before: int, _before_sha256: str, after: int, _after_sha256: str) -> Comparison:
    """Compare two that were kept.  They never change, so the digests make the answer reusable."""
    records = ExaminationRecord.objects.in_bulk([before, after])
    return compare(records[before].results, records[after].results)


def search(
    organization: Organization,
    question: str,
    *,
    may: Collection[str],
    member: Membership,
    catalog: Catalog,
) -> list[Entry]:
    """Return what holds every word of `question`, best first, see `base.search`.

    Args:
        organization: whose program is searched, beside the library and the glossary.
        question: words; a question without any finds nothing.
        may: permissions of who asks: what they may not view, they do not find.
        member: who asks; whoever views no plan finds the tasks that are theirs.
        catalog: the library.
    """
    if not words_of(question):
        return []
    asked = _Asked(organization, fragments_of(words_of(question)), member, catalog)
    sources = [of for take, but, of in _SOURCES if take in may and (not but or but not in may)]
    return find((entry for entries_of in sources for entry in entries_of(asked)), question)


def _criteria(asked: _Asked) -> Iterator[Entry]:
    for each in asked.catalog.criteria:
        points = (f"{point.label}." for point in each.points_of_focus)
        yield Entry("criterion", each.id, each.title, " ".join((each.text, *points)))


def _controls(asked: _Asked) -> Iterator[Entry]:
    rows = AdoptedControl.objects.filter(organization=asked.organization)
    columns = ("code", "title", "text", "owner_role", "owner__user__name")
    for row in rows.filter(asked.narrowed(*columns)).order_by("code").values_list(*columns):
        code, title, *texts = row
        yield Entry("control", code, title, " ".join(filter(None, texts)))


def _proposed_controls(asked: _Asked) -> Iterator[Entry]:
    rows = AdoptedControl.objects.filter(organization=asked.organization)
    taken = {each for row in rows.values_list("library_id", "code") for each in row}
    for each in asked.catalog.controls:
        if each.id not in taken:
            yield Entry("control of the library", each.id, each.title, f"{each.text} {each.owner}")


def _subservices(asked: _Asked) -> Iterator[Entry]:
    for each in current_scope(asked.organization).document.subservices:
        said = (each.service, *(expectation.text for expectation in each.expectations))
        yield Entry("subservice organization", "", each.name, ". ".join(said))


def _description(asked: _Asked) -> Iterator[Entry]:
    texts = {name: each.text for name, each in latest_fields(asked.organization).items()}
    for field in description_library().fields:
        yield Entry("description", field.name, field.label, texts.get(field.name, ""))


def _tasks(asked: _Asked) -> Iterator[Entry]:
    rows = RemediationTask.objects.filter(organization=asked.organization)
    return _entries_of_tasks(rows, asked)


def _own_tasks(asked: _Asked) -> Iterator[Entry]:
    return _entries_of_tasks(RemediationTask.objects.filter(owner=asked.member), asked)


def _entries_of_tasks(rows: QuerySet[RemediationTask], asked: _Asked) -> Iterator[Entry]:
    columns = ("number", "title", "note", "criterion", "control")
    fitting = rows.filter(asked.narrowed(*columns[1:])).order_by("-number")[:_MOST_OF_A_TABLE]
    for number, title, *texts in fitting.values_list(*columns):
        yield Entry("task", str(number), title, " ".join(texts))


def _examinations(asked: _Asked) -> Iterator[Entry]:
    for each in examinations(asked.organization)[:_MOST_OF_A_TABLE]:
        days = f"{each.first_day} to {each.last_day}, run on {each.at:%Y-%m-%d}"
        yield Entry("examination", str(each.number), f"Examination {each.number}", days)


def _tests(asked: _Asked) -> Iterator[Entry]:
    """Yield the tests of the newest examination; their key holds its number as well."""
    latest = latest_examination(asked.organization)
    if latest is None:
        return
    for test in latest.results["tests"]:
        text = f"{test['conclusion']} {test.get('reason') or ''}"
        yield Entry("test", f"{latest.number}/{test['id']}", f"{test['id']} {test['title']}", text)


def _members(asked: _Asked) -> Iterator[Entry]:
    rows = Membership.objects.filter(organization=asked.organization)
    rows = rows.filter(asked.narrowed("user__name", "user__email", "role"))
    columns = ("pk", "user__name", "user__email", "role")
    fitting = rows.order_by("user__email")[:_MOST_OF_A_TABLE]
    for number, name, email, role in fitting.values_list(*columns):
        yield Entry("member", str(number), name or email, f"{email}, {role}")


def _terms(_asked: _Asked) -> Iterator[Entry]:
    for term in glossary():
        yield Entry("word", term.anchor, ", ".join(term.names), term.text)


_SOURCES: tuple[tuple[str, str, Callable[[_Asked], Iterable[Entry]]], ...] = (
    ("controls.view", "", _controls),
    ("criteria.view", "", _criteria),
    ("description.view", "", _description),
    ("scope.view", "", _subservices),
    ("gap.view", "", _tasks),
    ("overview.view", "gap.view", _own_tasks),
    *REGISTERS,
    ("connections.view", "", found_connections),
    ("evidence.view", "", found_manual),
    ("results.view", "", _tests),
    ("results.view", "", _examinations),
    ("members.view", "", _members),
    ("controls.view", "", _proposed_controls),
    ("overview.view", "", _terms),
)
"""Permission that it takes, permission that makes it needless, and what it yields: in the order
in which equal ones stand."""
