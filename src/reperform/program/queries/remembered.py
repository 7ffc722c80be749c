"""Answers that are dear to make, and hold until something is recorded.

Every change of a program leaves an entry in its trail, in the same transaction: as long as the last
entry is the same, so is every answer about its registers.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

from reperform.accounts.models import Organization
from reperform.ledger.models import Leaf

Answer = TypeVar("Answer")
_MOST = 64


def last_entry(organization: Organization) -> bytes:
    """Return the newest entry of the organization's trail: ask before what the answer rests on.

    The whole of it, not its number: a database that was put back gives a number again.  Empty while
    there is none, and within a transaction: what is seen there may never come to be.
    """
    if connection.in_atomic_block:
        return b""
    entries = Leaf.objects.filter(log_id=organization.log).order_by("-number")
    return bytes(entries.values_list("entry", flat=True).first() or b"")


class Remembered(Generic[Answer]):
    """Answers about organizations, the latest ones asked for."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def answer(
        self,
        organization: Organization,
        entry: bytes,
        question: Hashable,
        make: Callable[[], Answer],
    ) -> Answer:
        """Return the answer to `question`: one made when `entry` was the last, or a new one.

        A new one is kept unless something was recorded while it was made.
        """
        key = (organization.pk, entry, question)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        if entry and last_entry(organization) == entry:
            with self._lock:
                self._answers[key] = answer
                while len(self._answers) > _MOST:
                    self._answers.popitem(last=False)
        return answer
