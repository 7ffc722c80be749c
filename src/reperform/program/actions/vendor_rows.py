"""What the actions on vendors have in common: finding, writing, and refusing what is not ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.files import keep_file
from reperform.program.models import AdoptedControl, KeptFile, SocReport, Vendor, VendorReview
from reperform.program.vendors import VendorFields
from reperform.program.vendors.policy import vendor_policy

READABLE_WITH = "vendors.view"
MOST_FILES = 10
"""Of one review, report or end at once."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as somebody brought it: its name, as they know it, and its content."""

    name: str
    content: bytes


class VendorRefusedError(RefusalError):
    """A vendor names somebody or something that is not there, or a name that is taken."""

    slug = "vendor-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was changed: {problems[0].where}: {problems[0].what}",
            why="A register that names people, controls or reports that do not exist misleads.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


def refused(where: str, what: str, todo: str) -> VendorRefusedError:
    """Return the refusal of one field."""
    return VendorRefusedError([Problem(where, what, todo, VendorRefusedError.slug)])


def write_vendor(row: Vendor, fields: VendorFields, *, by: str, at: datetime) -> None:
    """Write `fields` into a row and save it, after everything that they name was found.

    Raises:
        VendorRefusedError: the owner is no active member, or the name is taken.
    """
    rows = Vendor.objects.filter(organization=row.organization)
    if fields.owner is not None and fields.owner != row.owner_id:
        found_member(row.organization, fields.owner, "owner")
    same = rows.filter(name__iexact=fields.name).exclude(pk=row.pk).first()
    if same:
        what = f"is taken by vendor {same.number}"
        raise refused("name", what, "open that one, or tell the two apart by their names")
    if row.ended_on and fields.started_on and fields.started_on > row.ended_on:
        raise refused("started_on", f"is after its last day, {row.ended_on}", "correct one")
    for name in fields.__dataclass_fields__:
        if name != "owner":
            value = getattr(fields, name)
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.owner_id = fields.owner
    save(row, by=by, at=at)


def save(row: Vendor, *, by: str, at: datetime) -> None:
    """Save a vendor as a new version, with the days that follow from reviews and reports."""
    if row.pk:
        reviews = VendorReview.objects.filter(vendor=row)
        latest = reviews.order_by("-reviewed_on", "-number").first()
        row.first_reviewed_on = reviews.aggregate(first=Min("reviewed_on"))["first"]
        row.reviewed_on = latest.reviewed_on if latest else None
        row.outcome = latest.outcome if latest else ""
        reports = SocReport.objects.filter(vendor=row)
        row.report_last = reports.aggregate(last=Max("last"))["last"]
        stated = latest.next_due if latest else None
    else:
        stated = None
    row.due_on = _due_on(row, stated)
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _due_on(row: Vendor, stated: date | None) -> date | None:
    """Return the day that the reviewer set or the class says, whichever is earlier."""
    by_class = vendor_policy().due_on(
        row.criticality, started_on=row.started_on, reviewed_on=row.reviewed_on
    )
    return min(filter(None, (stated, by_class)), default=None)


def found_vendor(organization: Organization, number: int) -> Vendor:
    """Return a vendor that exists."""
    return Vendor.objects.get(organization=organization, number=number)


def found_member(organization: Organization, number: int, where: str) -> Membership:
    """Return an active member.

    Raises:
        VendorRefusedError: there is none of that number.
    """
    rows = Membership.objects.filter(organization=organization, is_active=True, pk=number)
    member = rows.first()
    if member is None:
        raise refused(where, "is not a member of the organization", "choose one from the list")
    return member


def refuse_unknown_controls(organization: Organization, codes: Iterable[str], where: str) -> None:
    """Refuse codes of which the organization has stated no control, in force or retired.

    Raises:
        VendorRefusedError: there is one.
    """
    asked = set(codes)
    rows = AdoptedControl.objects.filter(organization=organization, code__in=asked)
    unknown = sorted(asked - set(rows.values_list("code", flat=True)))
    if unknown:
        raise refused(where, f"names {unknown[0][:40]}, which is no control", "write CHG-01")


def keep(
    organization: Organization, files: Sequence[Brought], *, by: str, at: datetime
) -> list[KeptFile]:
    """Keep files as part of the action that needs them.

    Raises:
        UploadRefusedError: one is empty, too large, or of no kind that serves as proof.
        VendorRefusedError: there are more than `MOST_FILES`.
    """
    if len(files) > MOST_FILES:
        what = f"are more than {MOST_FILES}"
        raise refused("proofs", what, f"bring at most {MOST_FILES} at once")
    return [
        keep_file(
            organization=organization,
            name=file_name(each.name),
            content=each.content,
            readable_with=READABLE_WITH,
            by=by,
            at=at,
        )
        for each in files
    ]
