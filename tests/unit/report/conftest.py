"""Cases for the reports: texts that try to be something else than text, and documents with them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from reperform.audit.examination import (
    CollectionFact,
    DescriptionFact,
    Examination,
    ExaminedControl,
    Seal,
    TableFact,
)
from reperform.base.period import Period
from reperform.base.table import Kind
from reperform.catalog.controls import Control
from reperform.catalog.criteria import (
    CATEGORIES,
    CRITERION_IDS,
    Criterion,
    DescriptionCriterion,
    PointOfFocus,
    category_of,
)
from reperform.program.gap import Facet, Readiness, analyze_criterion
from reperform.program.scope import ReportType, Scope
from reperform.program.statement import Adoption, Statement
from reperform.report.document import (
    Bars,
    Block,
    Bullets,
    Callout,
    Column,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Row,
    Segment,
    Table,
)
from reperform.report.text import Text, Tone, bold, line, lines, mono
from reperform.testing.outcome import Conclusion, Gap, Item, Outcome
from reperform.testing.procedure import Procedure
from reperform.testing.runner import ProcedureRun

HOSTILE = (
    '#import "x": *',
    "$x^2$ *a* _b_ @ref <label> `c` \\ // /* */ = heading",
    "<script>alert(1)</script>&amp;<img src=x onerror=y>",
    "=cmd|' /C calc'!A0",
    "invoice\u202egpj.exe",
    "\x1b[31mred\x00\x07",
    "emoji \U0001f600 and 中文 and ไทย",
    "العربية and עברית",
    "x" * 1_000_000,
    "",
    "W" * 200,
    "a.very.long.address.of.somebody@a-subdomain.of.a.long.example-company.co.uk",
    "z\u0335\u0489 e\u0301 a\u20e3 \ud800",
    "0123456789abcdef" * 4,
    "\u00a0".join(["nbsp"] * 60),
)


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


def document_of(*blocks: Block, title: str = "A report") -> Document:
    return Document(
        title=title,
        subtitle="Larkspur Invoicing, as of July 31, 2026",
        organization="Larkspur, Inc.",
        notice="DRAFT - not a SOC 2 report: no opinion has been expressed",
        cover=KeyValues((("Period", lines("August 1, 2025 to July 31, 2026")),)),
        opening=lines("What this is."),
        blocks=(Heading(1, "First section", "first"), *blocks),
    )


@pytest.fixture
def every_block() -> Document:
    """One of each kind of block, with plain texts."""
    return document_of(
        Paragraph(line("Text with ", bold("weight"), ", ", mono("a quote"), " and a ")),
        Paragraph(line(Text("reference", link="second")), leads=True),
        Bullets((line("first item"), line("second item"))),
        Table(
            caption="What was tested",
            columns=(Column("Number", 20), Column("Result", 80)),
            rows=(
                Row((lines("CHG-01"), lines("No exceptions noted.", "All 41 items passed."))),
                Row((lines("Conclusion stays open"),), Tone.LOCKED),
            ),
        ),
        Callout(Tone.LOCKED, "Locked place", lines("Left open"), (line("one"), line("two"))),
        KeyValues((("Owner", lines("Ada Diaz")),)),
        Bars(
            caption="Criteria by status",
            segments=(Segment("met", Tone.GOOD), Segment("not met", Tone.BAD)),
            rows=(("Security", (12, 21)),),
        ),
        PageBreak(),
        Heading(1, "Second section", "second"),
        Heading(2, "Part of it", "part"),
        Heading(3, "Detail of it", "detail", is_listed=False),
    )


@pytest.fixture
def hostile_document() -> Document:
    """Every hostile text in every place that takes text."""
    blocks: list[Block] = [
        Table(
            caption=HOSTILE[1],
            columns=(
                Column("No.", 8),
                Column("Text", 42),
                Column("Quoted", 25),
                Column("Result", 25),
            ),
            rows=tuple(
                Row((lines(str(number)), lines(text), lines(mono(text[:80])), lines(bold(text))))
                for number, text in enumerate(HOSTILE)
            ),
        )
    ]
    for number, text in enumerate(HOSTILE):
        blocks += [
            Heading(2, text, f"hostile-{number}"),
            Paragraph(line(text)),
            Bullets((line(text),)),
            Callout(Tone.UNSURE, text, lines(text)),
            KeyValues(((text, lines(text)),)),
            Bars(text, (Segment("met", Tone.GOOD),), ((text, (number,)),)),
        ]
    return document_of(*blocks, title=HOSTILE[1])


PERIOD = Period(date(2025, 8, 1), date(2026, 7, 31))


def criteria() -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            id=name,
            title=f"Subject of {name} in a few words of its own",
            text="What the criterion asks for, in a sentence or two of our own wording.",
            category=category_of(name),
            coso=None,
            points_of_focus=(
                PointOfFocus(f"{name}-a", "Names who answers for it"),
                PointOfFocus(f"{name}-b", "Looks at it again at planned times"),
            ),
        )
        for name in CRITERION_IDS
    )


def item(number: int, text: str, outcome: Outcome = Outcome.DEVIATION) -> Item:
    return Item(
        item=text or f"{number:040x}",
        outcome=outcome,
        reason=text or "merged without a review by anyone but its author",
        occurred_at=datetime(2025, 9, 1 + number % 28, 12, 0, tzinfo=UTC),
    )


def run(
    control: str,
    conclusion: Conclusion,
    *,
    exceptions: tuple[Item, ...] = (),
    population: int = 41,
    gaps: tuple[Gap, ...] = (),
    reason: str = "",
) -> ProcedureRun:
    deviations = sum(each.outcome is Outcome.DEVIATION for each in exceptions)
    procedure = Procedure(
        id=f"{control}.T1",
        title="Changes are reviewed by someone other than their author",
        control=control,
        nature="inspection",
        population="every change that reached the release branch in the period",
        tables={"git.commits": ("commit_id",), "git.trailers": ("key", "email")},
        over_period=("git.commits",),
        parameters={"stale_days": 90},
        occurrences="",
        passes="a reviewer other than the author is named in the commit",
        deviates="nobody but the author is named",
        unable="reviews are kept in another system",
        blind="reviews that leave no trace in the repository",
        sql="SELECT 1",
        sha256="ab" * 32,
        path="change/reviewed.sql",
    )
    return ProcedureRun(
        procedure=procedure,
        parameters={**procedure.parameters, "period_first": "2025-08-01"},
        inputs={"git.commits": "cd" * 32},
        population=population,
        passed=population - len(exceptions),
        deviations=deviations,
        unable=len(exceptions) - deviations,
        exceptions=exceptions,
        items_sha256="ef" * 32,
        gaps=gaps,
        conclusion=conclusion,
        reason=reason or f"{deviations} of {population} items deviate",
    )


def _runs(number: int, control: str) -> tuple[ProcedureRun, ...]:
    gap = Gap("host.accounts", date(2025, 8, 1), date(2026, 7, 30), "looked at on one day only")
    match number % 6:
        case 0:
            many = tuple(item(n, HOSTILE[n % len(HOSTILE)]) for n in range(20))
            return (run(control, Conclusion.EXCEPTIONS, exceptions=many, population=1_000),)
        case 1:
            return (run(control, Conclusion.NO_EXCEPTIONS),)
        case 2:
            reason = "host.accounts has no evidence for 2025-08-01..2026-07-30 (364 of 365 days)"
            return (run(control, Conclusion.UNABLE, gaps=(gap,), reason=reason),)
        case 3:
            reason = "the population is empty for 2025-08-01..2026-07-31"
            return (run(control, Conclusion.DID_NOT_OPERATE, population=0, reason=reason),)
        case _:
            return ()


def _control(number: int, every: tuple[Criterion, ...]) -> ExaminedControl:
    family = ("CHG", "AC", "NET", "CRY", "LOG", "GOV")[number // 15]
    name = f"{family}-{number % 15 + 1:02d}"
    first = every[number % len(every)]
    control = Control(
        id=name,
        title="Every change is reviewed before it is released",
        family=family,
        criteria=(first.id, every[(number * 7 + 3) % len(every)].id),
        points_of_focus=(f"{first.id}-a",),
        policies=("change-management",),
        nature="preventive",
        kind="manual",
        frequency="per event",
        owner="Head of Engineering",
        evidence=("review in the commit", "record in the code host"),
        population="every change of the period, from the history of the release branch",
        text=(
            "Before a change reaches the release branch, an engineer other than its author reads "
            "it and approves it in writing. The approval names the reviewer and stays with the "
            "change. " + (HOSTILE[number % len(HOSTILE)][:3000] if number % 9 == 0 else "")
        ),
    )
    runs = _runs(number, name)
    return ExaminedControl(
        readiness=Readiness(
            control=control,
            designed=Facet.YES if number % 3 else Facet.PARTLY,
            implemented=(Facet.YES, Facet.NO, Facet.UNKNOWN, Facet.PARTLY)[number % 4],
            evidenced=Facet.YES if runs else Facet.NO,
            operated=(Facet.NO, Facet.YES, Facet.UNKNOWN)[number % 3],
            reasons=("no test of it reads evidence",),
            steps=("Adopt or tailor it, and name its owner.",),
        ),
        runs=runs,
    )


def examination(report_type: ReportType = 2, *, count: int = 90) -> Examination:
    every = criteria()
    controls = tuple(_control(number, every) for number in range(count))
    controls = tuple(sorted(controls, key=lambda each: each.readiness.control.id))
    at = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
    statement = Statement(
        organization="Larkspur, Inc. (example)",
        system="Larkspur Invoicing",
        description={
            "DC1": "Larkspur sends invoices for small firms.\n\n" + HOSTILE[1],
            "DC2": HOSTILE[8],
        },
        adopted={
            each.readiness.control.id: Adoption("Ada Diaz", date(2025, 7, 1))
            for number, each in enumerate(controls)
            if number % 3
        },
        not_applicable={"P8.1": "No personal information is processed. " + HOSTILE[2]},
    )
    return Examination(
        scope=Scope(type=report_type, period=PERIOD, categories=CATEGORIES),
        statement=statement,
        catalog_digest="12" * 32,
        criteria=every,
        controls=controls,
        gaps=tuple(
            analyze_criterion(
                criterion,
                [
                    each.readiness
                    for each in controls
                    if criterion.id in each.readiness.control.criteria
                ],
                not_applicable=statement.not_applicable.get(criterion.id, ""),
            )
            for criterion in every
        ),
        description=tuple(
            DescriptionFact(
                criterion=DescriptionCriterion(
                    id=f"DC{number}",
                    title=f"Subject of part {number}",
                    guidance="what the part has to say",
                    fields=(),
                    types=(2,) if number == 9 else (1, 2),
                ),
                stated=statement.description.get(f"DC{number}", ""),
                known=tuple(HOSTILE) if number == 3 else (),
                missing="" if number < 3 else "Management has not written this part.",
            )
            for number in range(1, 10 if report_type == 2 else 9)
        ),
        collections=tuple(
            CollectionFact(
                stream=("git/history", "host/state", "tls/endpoints")[number % 3],
                sequence=1 + number // 3,
                target=HOSTILE[(number + 10) % len(HOSTILE)] or "the repository",
                started_at=at,
                ended_at=at,
                outcome=("complete", "partial", "refused")[number % 3],
                reason=("", "sudoers: permission denied", HOSTILE[2])[number % 3],
                answers=12,
                bytes=1_234_567,
                record_sha256="34" * 32,
            )
            for number in range(9)
        ),
        tables=tuple(
            TableFact(
                name=name,
                kind=Kind.EVENTS if name.startswith("git") else Kind.STATE,
                rows=1_000,
                sha256="" if name == "tls.endpoints" else "56" * 32,
                covered_days=365 if name.startswith("git") else 1,
                gaps=()
                if name.startswith("git")
                else (Gap(name, PERIOD.first, date(2026, 7, 30), "looked at on one day only"),),
            )
            for name in ("git.commits", "git.trailers", "host.accounts", "tls.endpoints")
        ),
        observed_at=at,
    )


SEAL = Seal(
    origin="larkspur.example/log",
    size=12,
    root="q" * 43 + "=",
    key="larkspur.example/log+c74f20a3+AQ" + "a" * 60,
    results_sha256="78" * 32,
)


Examine = Callable[..., Examination]


@pytest.fixture
def examine() -> Examine:
    """Return an examination of 61 criteria: `examine(report_type=2, count=90)`."""
    return examination


@pytest.fixture
def make_run() -> Callable[..., ProcedureRun]:
    """Return a run of a test of a control."""
    return run


@pytest.fixture
def make_item() -> Callable[..., Item]:
    """Return one item of a population."""
    return item


@pytest.fixture
def seal() -> Seal:
    return SEAL
