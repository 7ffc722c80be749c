"""Evidence that people brought by hand."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.base.search import Entry
from reperform.evidence.manual import ManualFields
from reperform.evidence.models import ManualEvidence
from reperform.program.queries.search import MOST_OF_A_TABLE, Asked

STATES = ("in use", "withdrawn")


def manual_rows(
    organization: Organization, *, asked: str = "", control: str = "", state: str = ""
) -> QuerySet[ManualEvidence]:
    """Return evidence with its files, the newest first.

    Args:
        organization: whose evidence it is.
        asked: words of title, request, source or what it shows; empty for all.
        control: code of the control that it is of; empty for all.
        state: one of `STATES`; empty for all.
    """
    rows = ManualEvidence.objects.filter(organization=organization).select_related("file")
    for word in asked.split():
        fits = Q(title__icontains=word) | Q(request__icontains=word)
        rows = rows.filter(fits | Q(source__icontains=word) | Q(shows__icontains=word))
    if control:
        rows = rows.filter(control=control)
    if state in STATES:
        rows = rows.filter(withdrawn_on__isnull=state == "in use")
    return rows.order_by("-number")


def manual_row(organization: Organization, number: int) -> ManualEvidence | None:
    """Return evidence of an organization; None when it has none of that number."""
    return manual_rows(organization).filter(number=number).first()


def manual_fields(row: ManualEvidence) -> ManualFields:
    """Return what was said of it."""
    return ManualFields(**{each: getattr(row, each) for each in ManualFields.__slots__})


def manual_counts(organization: Organization) -> dict[str, int]:
    """Return how many are in use, and how many are withdrawn."""
    return ManualEvidence.objects.filter(organization=organization).aggregate(
        in_use=Count("pk", filter=Q(withdrawn_on=None)),
        withdrawn=Count("pk", filter=Q(withdrawn_on__isnull=False)),
    )


def manual_of_period(organization: Organization, period: Period) -> QuerySet[ManualEvidence]:
    """Return the evidence in use that is of any day of a period, in the order of numbers."""
    rows = manual_rows(organization, state="in use").order_by("number")
    return rows.filter(first__lte=period.last, last__gte=period.first)


def found_manual(asked: Asked) -> Iterator[Entry]:
    """Yield the evidence that holds the words, or whose reference is asked."""
    rows = ManualEvidence.objects.filter(organization=asked.organization)
    texts = ("title", "request")
    fitting = rows.filter(asked.narrowed(*texts) | Q(number__in=asked.numbers("ev-")))
    for number, title, control in fitting.order_by("number").values_list(
        "number", "title", "control"
    )[:MOST_OF_A_TABLE]:
        yield Entry("manual_evidence", str(number), title, f"EV-{number} {control}".strip())
