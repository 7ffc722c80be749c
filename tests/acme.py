"""A source that a test is in charge of, with a connector that keeps the contract.

Its events have numbers; the stream of events moves a cursor, the list of accounts is a snapshot.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.connectors.answer import Answer, Kept, NotCollectedError, Question, Row, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.settings import Access, Setting, SettingKind

SECRET = "acme-s3cret-0123456789"


@dataclass
class Acme:
    """What the source would say now."""

    events: list[int] = field(default_factory=list)
    accounts: list[str] = field(default_factory=lambda: ["ana"])
    refused: str = ""
    """Why it gives no accounts; empty when it does."""
    failure: str = ""
    """Why it hangs up while it gives events; empty when it does not."""
    error: BaseException | None = None
    """Raised while events are asked for, as by a fault of a connector."""
    page: int = 2
    """Events of one question."""
    body: bytes | None = None
    """Given instead of each answer."""
    asked: list[str] = field(default_factory=list)


source = Acme()


def _events(access: Access, first: int) -> Iterator[Answer]:
    source.asked.append(f"events from {first}")
    if source.error:
        raise source.error
    found = [event for event in source.events if event >= first][: source.page]
    content = json.dumps(found).encode() if source.body is None else source.body
    yield Answer("events", f"GET /events?from={first} token={access.secret('token')}", [content])
    if source.failure:
        raise NotCollectedError(f"{source.failure} {access.secret('token')}", why="w", todo="t")


def _accounts() -> Iterator[Answer]:
    source.asked.append("accounts")
    if source.refused:
        yield Answer("accounts", "GET /accounts", refused=source.refused)
        return
    content = json.dumps(source.accounts).encode() if source.body is None else source.body
    yield Answer("accounts", "GET /accounts", [content])


def _questions(access: Access, asking: Asking) -> list[Question]:
    if access.text("plan") == "refused":
        raise NotCollectedError(f"no plan {access.secret('token')}", why="w", todo="t")
    target = access.text("account")
    first = int(asking.cursor("acme/events", target) or 1)
    left = [event for event in source.events if event >= first]
    starts = [first, *(left[n] for n in range(source.page, len(left), source.page))]
    return [
        Question("acme/accounts", target, _accounts),
        *(
            Question(
                "acme/events",
                target,
                lambda start=start: _events(access, start),  # type: ignore[misc]
                {"from": str(start)},
            )
            for start in starts
        ),
    ]


def _check(access: Access) -> Check:
    if source.failure:
        raise NotCollectedError(f"{source.failure} {access.secret('token')}", why="w", todo="t")
    grant = Grant.DENIED if source.refused else Grant.GRANTED
    said = f"{source.refused} for {access.secret('token')}" if source.refused else ""
    return Check(f"acme as {access.text('account')}", (Finding("accounts:read", grant, said),))


def _read(kept: Kept) -> list[object]:
    with kept.open() as file:
        found = json.load(file)
    assert isinstance(found, list)
    return found


def _shape_events(answers: Sequence[Kept]) -> Iterator[Row]:
    for kept in answers:
        for event in _read(kept):
            yield Row("acme.events", {"id": event}, kept.blob, 0)


def _shape_accounts(answers: Sequence[Kept]) -> Iterator[Row]:
    for kept in answers:
        for name in _read(kept) if kept.blob else ():
            yield Row("acme.accounts", {"name": name}, kept.blob, 0)


def _covers_events(_: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    return {"acme.events": Cover(date(2026, 7, 1), started_at.astimezone(UTC).date())}


def _covers_accounts(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    refused = "; ".join(each.refused for each in answers if each.refused)
    today = started_at.astimezone(UTC).date()
    cover = Cover(None, None, refused) if refused else Cover(today, today)
    return {"acme.accounts": cover}


def _cursor(_: Mapping[str, str], answers: Sequence[Kept]) -> str:
    found = [event for kept in answers for event in _read(kept)]
    return str(max(int(str(event)) for event in found) + 1) if found else ""


EVENTS = Source(
    "acme/events",
    (TableSpec("acme.events", Kind.EVENTS, (Column("id", Type.INTEGER, "its number"),)),),
    _shape_events,
    _covers_events,
    "what acme does not write down",
)
ACCOUNTS = Source(
    "acme/accounts",
    (TableSpec("acme.accounts", Kind.STATE, (Column("name", Type.TEXT, "its name"),)),),
    _shape_accounts,
    _covers_accounts,
    "accounts of other systems",
)
CONNECTOR = Connector(
    name="acme",
    title="Acme",
    asks="Its accounts and its events.",
    blind="everything else",
    permissions=(
        Permission("accounts:read", "names of accounts"),
        Permission("events:read", "what happened", is_required=False),
    ),
    settings=(
        Setting("account", "Account", "at the top of every page of Acme"),
        Setting(
            "plan",
            "Plan",
            "below Billing",
            SettingKind.CHOICE,
            choices={"small": "Small", "large": "Large", "refused": "None"},
        ),
        Setting("token", "Token", "make one below Settings, Tokens", is_secret=True),
        Setting("key", "Key", "a private key", SettingKind.TEXT, is_required=False, is_secret=True),
    ),
    streams=(
        Stream(ACCOUNTS, needs=("accounts:read",)),
        Stream(EVENTS, needs=("events:read",), cursor=_cursor),
    ),
    questions=_questions,
    check=_check,
)
