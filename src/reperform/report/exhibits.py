"""Exhibits: which evidence, for which days, and how anyone can check it."""

from collections.abc import Iterator
from dataclasses import replace

from reperform.audit.examination import CollectionFact, Examination, Seal, TableFact
from reperform.audit.populations import Phase, PopulationFact
from reperform.evidence.lacking import Lacking, in_use, retired_beside
from reperform.report.document import (
    Block,
    Callout,
    Column,
    Heading,
    KeyValues,
    Paragraph,
    Row,
    Table,
)
from reperform.report.phrases import counted, days, span
from reperform.report.reconciliations import reconciliations
from reperform.report.text import Cell, Text, Tone, bold, line, lines, mono
from reperform.report.waivers import waivers
from reperform.report.wording import passage, passage_lines

_COMMAND = "reperform verify bundle.zip"


def exhibits(examination: Examination, seal: Seal | None) -> Iterator[Block]:
    """Yield the exhibits, each under a heading of the first level's parts."""
    yield Heading(1, "Exhibits", "exhibits")
    yield Heading(2, "Exhibit A. Evidence collected", "exhibit-a")
    yield from passage("collections")
    yield collections_table(examination.collections)
    lacking = in_use(examination.lacking)
    retired = tuple(each for each in examination.lacking if each.retired_on)
    for found, what in (
        (lacking, "in use that brought nothing of these days"),
        (retired, "of connections that were retired without having brought anything of these days"),
    ):
        if found:
            yield _lacking(found, what)
    yield Heading(2, "Exhibit B. Coverage of the period", "exhibit-b")
    yield from passage("coverage")
    yield _coverage(examination)
    if examination.populations:
        yield from _populations(examination.populations)
    if examination.reconciliations:
        yield from reconciliations(examination.reconciliations)
    yield from proof(examination, seal, title="Exhibit C. Proof")
    if examination.waivers:
        yield from waivers(examination.waivers, title="Exhibit D. Waivers")


def collections_table(collections: tuple[CollectionFact, ...]) -> Table:
    """Return the table of collections, with what was refused."""
    return Table(
        caption=counted(len(collections), "collection"),
        columns=(
            Column("Collection", 20),
            Column("Source and time", 36),
            Column("Outcome", 44),
        ),
        rows=tuple(_collection(fact) for fact in collections),
    )


def _collection(fact: CollectionFact) -> Row:
    tone = {"complete": Tone.GOOD, "refused": Tone.BAD}.get(fact.outcome, Tone.UNSURE)
    return Row(
        (
            lines(bold(fact.stream), f"run {fact.sequence}"),
            lines(fact.target, span(fact.started_at, fact.ended_at)),
            lines(
                bold(f"{fact.outcome.capitalize()}.", tone),
                *([fact.reason] if fact.reason else []),
                f"{counted(fact.answers, 'answer')}, {counted(fact.bytes, 'byte')}",
                line("SHA-256 ", mono(fact.record_sha256)),
            ),
        )
    )


def _lacking(lacking: tuple[Lacking, ...], what: str) -> Table:
    return Table(
        caption=f"{counted(len(lacking), 'source')} {what}",
        columns=(Column("Source", 36), Column("Why", 64)),
        rows=tuple(
            Row(
                (
                    lines(bold(each.stream), *([each.target] if each.target else [])),
                    lines(each.reason),
                )
            )
            for each in lacking
        ),
    )


def _coverage(examination: Examination) -> Table:
    total = len(examination.scope.evidence_period)
    return Table(
        caption=f"{counted(len(examination.tables), 'table')} of evidence, {counted(total, 'day')}",
        columns=(Column("Table", 24), Column("Days covered", 20), Column("Days without", 56)),
        rows=tuple(_covered(table, total, examination.lacking) for table in examination.tables),
    )


def _populations(populations: tuple[PopulationFact, ...]) -> Iterator[Block]:
    yield Heading(3, "Populations of events", "populations")
    yield from passage("populations")
    yield Table(
        caption=counted(len(populations), "population"),
        columns=(Column("Population", 26), Column("Final or not", 34), Column("Digest", 40)),
        rows=tuple(_population(each) for each in populations),
    )


def _population(fact: PopulationFact) -> Row:
    tone = Tone.GOOD if fact.phase is Phase.FINAL else Tone.UNSURE
    changed = [bold(f"{fact.changed}.", Tone.BAD)] if fact.changed else []
    frozen = fact.frozen
    return Row(
        (
            lines(mono(fact.table), counted(fact.rows, "event")),
            lines(bold(f"{fact.phase.value.capitalize()}.", tone), fact.reason, *changed),
            lines(
                line("SHA-256 ", mono(fact.sha256)),
                *([line(f"Frozen on {frozen.on}: ", mono(frozen.sha256))] if frozen else []),
            ),
        )
    )


def _covered(table: TableFact, total: int, lacking: tuple[Lacking, ...]) -> Row:
    tone = Tone.GOOD if table.covered_days == total else Tone.UNSURE
    return Row(
        (
            lines(mono(table.name), f"{table.kind}, {counted(table.rows, 'row')}"),
            lines(bold(f"{table.covered_days:,} of {total:,}", tone)),
            (
                *_without(table),
                *lines(*(each.reason for each in retired_beside(lacking, table.name))),
            ),
        )
    )


def _without(table: TableFact) -> Cell:
    if not table.sha256:
        return lines(bold("Never collected.", Tone.BAD), *_gaps(table))
    return lines(*(_gaps(table) or ["None."]), line("SHA-256 ", mono(table.sha256)))


def _gaps(table: TableFact) -> list[str]:
    return [f"{days(gap.first, gap.last)}: {gap.reason}" for gap in table.gaps]


def proof(examination: Examination, seal: Seal | None, *, title: str) -> Iterator[Block]:
    """Yield how the report can be checked without trusting whoever made it."""
    yield Heading(2, title, "proof")
    facts = [("Library, SHA-256", lines(mono(examination.catalog_digest)))]
    if seal is None:
        yield Callout(Tone.UNSURE, "Not covered by a log", passage_lines("proof-none"))
        yield KeyValues(tuple(facts))
        return
    told = (*passage("proof"), Paragraph(line(Text(_COMMAND, mono=True))), *passage("proof-after"))
    for block in told:  # all of it stays with the values that it speaks of
        yield replace(block, leads=True) if isinstance(block, Paragraph) else block
    yield KeyValues(
        (
            ("Log", lines(mono(seal.origin))),
            ("Entries covered", lines(f"{seal.size:,}")),
            ("Root of the tree", lines(mono(seal.root))),
            ("Verifier key", lines(mono(seal.key))),
            ("Results, SHA-256", lines(mono(seal.results_sha256))),
            *facts,
        )
    )
