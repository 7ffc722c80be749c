"""What the owner of a vendor must do: reviews, conditions, and ends that nobody confirmed."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F

from reperform.accounts.models import Membership
from reperform.program.models import Vendor, VendorCondition
from reperform.program.queries.vendors import OPEN_END
from reperform.program.work import Item

_NEAR = timedelta(days=30)
"""A review is shown so long before its day."""


def vendor_work(member: Membership, *, today: date, most: int) -> Iterator[Item]:
    """Yield at most `most` items of each kind, the earliest first; three queries."""
    owned = Vendor.objects.filter(owner=member)
    due = owned.filter(ended_on=None, due_on__lte=today + _NEAR).order_by("due_on", "number")
    for number, name, due_on in due.values_list("number", "name", "due_on")[:most]:
        yield Item("Vendor to review", name, due_on, "vendor", str(number))
    rows = VendorCondition.objects.filter(
        vendor__owner=member, vendor__ended_on=None, state="open"
    ).order_by("due_on", "vendor__number", "number")
    columns = rows.values_list("vendor__number", "vendor__name", "text", "due_on")
    for number, name, text, due_on in columns[:most]:
        yield Item("Condition of a vendor", f"{name}: {text}", due_on, "vendor", str(number))
    ends = owned.filter(OPEN_END).order_by(F("ended_on").asc(), "number")
    for number, name, ended_on in ends.values_list("number", "name", "ended_on")[:most]:
        what = f"{name}: confirm what became of data and access"
        yield Item("End of a vendor", what, ended_on, "vendor", str(number))
