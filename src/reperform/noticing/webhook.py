"""A webhook as a value: where to, in which form, of what; and the message that it gets.

Pure.  Messages in JSON follow the Standard Webhooks specification 1.0: an id that stays the same
when the message is sent again, a timestamp of the attempt, and an HMAC-SHA256 over both and the
body.  Source: https://github.com/standard-webhooks/standard-webhooks.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from reperform.base.problem import Problem
from reperform.base.reader import Reader, moment_text
from reperform.base.refusal import RefusalError
from reperform.connectors.calls.posting import address_flaw
from reperform.noticing.notice import Kind

SLUG = "webhook-field"
SECRET_PREFIX = "whsec_"  # noqa: S105 - what each begins with
SECRET_BYTES = 32
MOST_NAMED = 100
"""Notices of a sort that one message names; it says how many more there are."""
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
MOST_ATTEMPTS = len(_WAITS) + 1
"""Over about twenty hours; then a message is given up, and somebody may have it sent again."""
_LONGEST_WAIT = timedelta(days=1)
GONE = 410


class Format(StrEnum):
    """What a receiver understands."""

    JSON = "json"
    SLACK = "slack"


class DeliveryState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    GIVEN_UP = "given up"


class WebhookRefusedError(RefusalError):
    """A webhook cannot be kept or used as it stands."""

    slug = "webhook-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong, each in its place."""
        self.problems = tuple(problems)
        super().__init__(
            f"nothing was changed: {'; '.join(f'{each.where} {each.what}' for each in problems)}",
            why="Whoever relies on being told would wait for what nobody sends.",
            todo=[f"{each.where}: {each.todo}" for each in problems],
        )


@dataclass(frozen=True, slots=True)
class WebhookFields:
    """What somebody says of a webhook.

    Attributes:
        title: its name among the organization's.
        format: see `Format`.
        address: where messages are posted; it may hold a secret, and is never shown again.  Empty
            keeps the one that there is.
        kinds: of notices that it is told of; empty for all.
    """

    title: str
    format: Format
    address: str = field(default="", repr=False)
    kinds: tuple[Kind, ...] = ()


def read_webhook(
    content: Mapping[str, Any], *, is_kept: bool = False
) -> tuple[WebhookFields, list[Problem]]:
    """Return what a form or an API's body says of a webhook, and what is wrong with that.

    Args:
        content: by name.
        is_kept: an address is kept already.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others(("title", "format", "address", "kinds"), "a webhook")
    needed = "" if is_kept else "give the address to which messages are posted"
    address = reader.line("address", needed=needed, longest=2_000)
    if address and (flaw := address_flaw(address)):
        reader.problem("address", flaw, "write it as https://hooks.example.com/path")
    said = content.get("kinds") or []
    listed = [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]
    known = {each.value: each for each in Kind}
    if unknown := [each for each in listed if each not in known]:
        reader.problem("kinds", f"there is no {unknown[0][:40]}", "choose kinds of the list")
    return (
        WebhookFields(
            title=reader.line("title", needed="say who is told", longest=200),
            format=reader.choice("format", Format, Format.JSON),
            address=address,
            kinds=tuple(kind for name, kind in known.items() if name in listed),
        ),
        reader.problems,
    )


def webhook_content(fields: WebhookFields) -> dict[str, Any]:
    """Return what the ledger, a form and the API say of a webhook: not its address."""
    return {
        "title": fields.title,
        "format": fields.format.value,
        "kinds": [each.value for each in fields.kinds],
    }


def place_of(address: str) -> str:
    """Return what may be shown of an address: not its path, which may be a secret.

    >>> place_of("https://hooks.slack.com/services/T0/B0/x")
    'https://hooks.slack.com'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"[:300]


def signature(secret: str, *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that show who sent a message and that nobody altered it.

    Args:
        secret: `whsec_` and base64 of the key.
        message: its id.
        at: of the attempt.
        body: that is posted, byte for byte.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    seconds = str(int(at.timestamp()))
    signed = b".".join((message.encode(), seconds.encode(), body))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def next_attempt(attempts: int, allowed: int, at: datetime, wait: float | None) -> datetime | None:
    """Return when a message is tried again; None when it is given up.

    Args:
        attempts: that were made.
        allowed: that may be made.
        at: when the newest ended.
        wait: seconds that the receiver asks us to wait; at most a day is heeded.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    >>> next_attempt(1, 7, noon, None).minute, next_attempt(7, 7, noon, None)
    (1, None)
    """
    if attempts >= allowed:
        return None
    own = _WAITS[min(attempts - 1 - (allowed - MOST_ATTEMPTS), len(_WAITS) - 1)]
    asked = min(timedelta(seconds=wait or 0), _LONGEST_WAIT)
    return at + max(own, asked)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as a message says it: JSON values, and the address of its page."""

    number: int
    kind: str
    subject: str
    title: str
    since: datetime
    text: str
    todo: str
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """What changed at one look.

    Attributes:
        organization: its name.
        url: of its list of notices; empty where the installation has no address.
        at: when it was noticed.
        began: notices that began.
        over: notices that are over.
        is_trial: somebody tries whether it arrives.
    """

    organization: str
    url: str
    at: datetime
    began: tuple[Told, ...] = ()
    over: tuple[Told, ...] = ()
    is_trial: bool = False


def payload(message: Message) -> dict[str, Any]:
    """Return a message in JSON: `type`, `timestamp` and `data`, as the specification proposes."""
    return {
        "type": "notices.trial" if message.is_trial else "notices.changed",
        "timestamp": moment_text(message.at),
        "data": {
            "organization": message.organization,
            "url": message.url,
            "began": [_told(each) for each in message.began[:MOST_NAMED]],
            "over": [_told(each) for each in message.over[:MOST_NAMED]],
            "more": max(len(message.began) - MOST_NAMED, 0)
            + max(len(message.over) - MOST_NAMED, 0),
        },
    }


def _told(each: Told) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind,
        "subject": each.subject,
        "title": each.title,
        "since": moment_text(each.since),
        "text": each.text,
        "todo": each.todo,
        "over_at": moment_text(each.over_at) if each.over_at else None,
    }
