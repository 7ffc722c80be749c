"""Departures that management accepted, in a report: none of them makes a deviation a pass."""

from collections.abc import Iterator

from reperform.audit.waived import Standing, WaivedItem, WaiverUse
from reperform.base.visible import visible
from reperform.report.document import Block, Column, Heading, Row, Table
from reperform.report.phrases import begun, counted, sentence
from reperform.report.text import Cell, Text, Tone, bold, line, lines, mono
from reperform.report.wording import passage

_MOST = 20
"""Deviations that one waiver lists; every other one is in results.json."""


def waivers(uses: tuple[WaiverUse, ...], *, title: str) -> Iterator[Block]:
    """Yield every waiver that was approved, and the deviations that each names."""
    yield Heading(2, title, "waivers")
    yield from passage("waivers")
    yield Table(
        caption=counted(len(uses), "waiver"),
        columns=(Column("Waiver", 30), Column("Why", 34), Column("Deviations that it names", 36)),
        rows=tuple(Row((_waiver(use), _why(use), _named(use))) for use in uses),
    )


def _waiver(use: WaiverUse) -> Cell:
    waiver = use.waiver
    count = len(waiver.items)
    withdrawn = (
        [bold(f"Withdrawn on {waiver.withdrawn_on} by {waiver.withdrawn_by}.", Tone.UNSURE)]
        if waiver.withdrawn_on
        else []
    )
    return lines(
        line(bold(f"WVR-{waiver.number} "), mono(waiver.test)),
        f"Of {counted(count, 'item')}." if count else "Of every item of the test.",
        f"From {waiver.first} until {waiver.last}.",
        *withdrawn,
        f"Asked for on {waiver.asked_on} by {waiver.asked_by}.",
        f"Approved on {waiver.approved_on} by {waiver.approved_by}.",
    )


def _why(use: WaiverUse) -> Cell:
    waiver = use.waiver
    said = [waiver.compensating_control, waiver.compensating]
    made_up = ": ".join(each for each in said if each)
    return lines(
        sentence(waiver.reason),
        f"Made up for by {sentence(made_up)}" if made_up else "Nothing makes up for it.",
        *(
            [f"Withdrawn because {sentence(waiver.withdrawn_because)}"]
            if waiver.withdrawn_on
            else []
        ),
    )


def _named(use: WaiverUse) -> Cell:
    if not use.is_run:
        return lines(Text("Its test was not run.", tone=Tone.MUTED))
    if not use.deviations:
        return lines(Text("None of its items deviates in these days.", tone=Tone.MUTED))
    left = len(use.deviations) - _MOST
    return lines(
        *(_deviation(each) for each in use.deviations[:_MOST]),
        *([f"and {left:,} more in results.json"] if left > 0 else []),
    )


def _deviation(each: WaivedItem) -> tuple[Text, ...]:
    is_waived = each.standing in (Standing.WAIVED, Standing.IN_PART)
    tone = Tone.UNSURE if is_waived else Tone.BAD
    afterwards = ", given after the deviation happened" if is_waived and each.is_afterwards else ""
    return line(
        mono(visible(each.item, limit=120)), " ", bold(f"{each.standing}{afterwards}.", tone)
    )


def waived_line(said: str) -> tuple[Text, ...]:
    """Return the line beside a deviation that says how a waiver stands to it."""
    return line(Text(sentence(begun(said)), tone=Tone.UNSURE))
