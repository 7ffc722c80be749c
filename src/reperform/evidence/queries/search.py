"""Which connections a question may be about."""

from collections.abc import Iterator

from django.db.models import Q

from reperform.base.search import Entry
from reperform.evidence.models import Connection
from reperform.program.queries.search import MOST_OF_A_TABLE, Asked


def found_connections(asked: Asked) -> Iterator[Entry]:
    """Yield the connections that hold the words, or whose reference is asked."""
    rows = Connection.objects.filter(organization=asked.organization)
    texts = ("title", "connector")
    fitting = rows.filter(asked.narrowed(*texts) | Q(number__in=asked.numbers("con-")))
    for number, title, connector in fitting.order_by("number").values_list("number", *texts)[
        :MOST_OF_A_TABLE
    ]:
        yield Entry("connection", str(number), title, f"CON-{number} {connector}")
