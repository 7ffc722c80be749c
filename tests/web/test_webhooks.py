"""Webhooks, against a real HTTP server: signed, tried again, given up visibly, nothing shown."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from answering import Said, Server, answering
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.connectors.calls.opening import networks
from reperform.evidence.models import Connection
from reperform.ledger.models import Change
from reperform.noticing.actions.delivering import LEASE, deliver_once
from reperform.noticing.actions.looking import look
from reperform.noticing.actions.webhooks import make_webhook, send_again, try_webhook
from reperform.noticing.models import Delivery, Notice, Webhook
from reperform.noticing.notice import Kind
from reperform.noticing.queries.notices import CONNECTIONS
from reperform.noticing.slack import escaped, slack_payload
from reperform.noticing.webhook import (
    MOST_ATTEMPTS,
    Format,
    Message,
    Told,
    WebhookFields,
    WebhookRefusedError,
    read_webhook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
NOW = datetime(2026, 9, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PATH = "/services/T0/B0/hidden-path"


class Receiver:
    """What a webhook leads to; it answers what a test says, in turn, and 200 after that."""

    def __init__(self) -> None:
        self.says: list[Said] = []
        self.server = Server("")

    def answer(self, _: str, __: int) -> Said:
        return self.says.pop(0) if self.says else Said({})

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for *_, body in self.server.asked]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.PRIVATE_SOURCES = networks("127.0.0.0/8")
    made = Receiver()
    with answering(made.answer) as server:
        made.server = server
        yield made


def hook(
    organization: Organization, receiver: Receiver, *, kinds: tuple[Kind, ...] = (), to: str = ""
) -> tuple[Webhook, str]:
    address = to or receiver.server.address + PATH
    fields = WebhookFields("On call", Format.JSON, address, kinds)
    return make_webhook(organization=organization, fields=fields, by="ada", at=NOW)


def break_one(organization: Organization, *, at: datetime = NOW, title: str = "Acme") -> None:
    """Let a connection be silent, and look."""
    Connection.objects.create(
        organization=organization,
        number=1 + Connection.objects.count(),
        title=title,
        connector="git",
        changed_by="test",
        changed_at=at - 40 * DAY,
    )
    look(organization=organization, by="test", at=at, watches=(CONNECTIONS,))


def deliver(at: datetime = NOW) -> Delivery | None:
    return deliver_once(clock=lambda: at)


def test_a_notice_is_posted_once_and_its_end_is_too(
    larkspur: Organization, receiver: Receiver
) -> None:
    hook(larkspur, receiver)
    break_one(larkspur)
    look(organization=larkspur, by="test", at=NOW + HOUR, watches=(CONNECTIONS,))
    assert deliver() is not None
    assert deliver() is None
    Connection.objects.update(changed_at=NOW)
    look(organization=larkspur, by="test", at=NOW + 2 * HOUR, watches=(CONNECTIONS,))
    deliver(NOW + 2 * HOUR)

    began, over = receiver.bodies
    assert began["type"] == "notices.changed"
    assert began["timestamp"] == "2026-09-10T12:00:00Z"
    (told,) = began["data"]["began"]
    assert (told["kind"], told["subject"], told["over_at"]) == ("silent", "CON-1", None)
    assert told["todo"].startswith("collect now")
    assert began["data"]["over"] == over["data"]["began"] == []
    assert over["data"]["over"][0]["over_at"] == "2026-09-10T14:00:00Z"
    assert [row.state for row in Delivery.objects.all()] == ["done", "done"]


def test_a_receiver_verifies_a_message_as_the_specification_says(
    larkspur: Organization, receiver: Receiver
) -> None:
    """Independent lines, after the text of the Standard Webhooks specification."""
    _, secret = hook(larkspur, receiver)
    break_one(larkspur)
    deliver()

    ((method, path, headers, body),) = receiver.server.asked
    assert (method, path, headers["content-type"]) == ("POST", PATH, "application/json")
    prefix, key = secret[:6], base64.b64decode(secret[6:])
    assert (prefix, len(key)) == ("whsec_", 32)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-id"] == Delivery.objects.get().message


def test_what_fails_is_tried_again_with_the_same_id_and_bytes(
    larkspur: Organization, receiver: Receiver
) -> None:
    """500, then nobody listens to the end, then 200; each attempt is kept."""
    hook(larkspur, receiver)
    break_one(larkspur)
    receiver.says = [Said({"error": "database is down"}, 500), Said(raw=b"")]

    first = deliver()
    assert first
    assert (first.state, first.not_before) == ("waiting", NOW + timedelta(minutes=1))
    assert deliver() is None
    second = deliver(NOW + timedelta(minutes=1))
    assert second
    assert second.not_before == NOW + timedelta(minutes=6)
    third = deliver(NOW + timedelta(minutes=6))
    assert third
    assert third.state == "done"

    ids = {headers["webhook-id"] for _, _, headers, _ in receiver.server.asked}
    bodies = {body for *_, body in receiver.server.asked}
    times = {headers["webhook-timestamp"] for _, _, headers, _ in receiver.server.asked}
    assert (len(receiver.server.asked), len(ids), len(bodies), len(times)) == (3, 1, 1, 3)
    tries = list(third.tries.order_by("number").values_list("status", "reason"))
    assert tries[0] == (500, "500 database is down")
    assert tries[1][0] == 0
    assert tries[1][1].startswith("no answer: ")
    assert tries[2] == (200, "")


def test_a_receiver_that_says_nothing_is_not_waited_for(
    larkspur: Organization, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket  # noqa: PLC0415 - a server that accepts, and never answers

    from reperform.noticing.actions import delivering  # noqa: PLC0415 - its patience is shortened

    monkeypatch.setattr(delivering, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hook(larkspur, receiver, to=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        break_one(larkspur)
        found = deliver()

    assert found
    assert found.state == "waiting"
    assert found.tries.get().reason == "no answer: ReadTimeoutError"


def test_it_is_given_up_visibly_and_sent_again_when_somebody_asks(
    larkspur: Organization, receiver: Receiver, manager: Client
) -> None:
    row, _ = hook(larkspur, receiver)
    break_one(larkspur)
    receiver.says = [Said({}, 503)] * MOST_ATTEMPTS
    at, found = NOW, Delivery.objects.get()
    for _ in range(MOST_ATTEMPTS):
        assert deliver(at) == found
        found.refresh_from_db()
        at = found.not_before
    assert found.state == "given up"
    assert at - NOW < DAY
    assert deliver(at + DAY) is None
    assert Change.objects.get(act="webhook.given_up").subject == "webhook 1"

    look(organization=larkspur, by="test", at=at)
    assert Notice.objects.get(kind="untold").subject == "HOOK-1"
    assert "given up" in manager.get("/o/larkspur/notices/webhooks/").content.decode()
    assert [each.webhook for each in Delivery.objects.all()] == [row]  # of that it is not told
    send_again(delivery=found, by="ada", at=at)
    again = deliver(at)
    assert again
    assert again.state == "done"
    look(organization=larkspur, by="test", at=at + HOUR)
    assert Notice.objects.get(kind="untold").over_at == at + HOUR
    with pytest.raises(WebhookRefusedError):
        send_again(delivery=again, by="ada", at=at)


def test_a_receiver_that_is_gone_is_not_asked_again_and_one_that_asks_to_wait_is_heeded(
    larkspur: Organization, receiver: Receiver
) -> None:
    hook(larkspur, receiver)
    break_one(larkspur)
    receiver.says = [Said({}, 429, {"Retry-After": "7200"}), Said({}, 410)]

    waits = deliver()
    assert waits
    assert waits.not_before == NOW + 2 * HOUR
    gone = deliver(NOW + 2 * HOUR)
    assert gone
    assert gone.state == "given up"


def test_a_redirect_is_not_followed(larkspur: Organization, receiver: Receiver) -> None:
    hook(larkspur, receiver)
    break_one(larkspur)
    elsewhere = {"Location": receiver.server.address + "/elsewhere"}
    receiver.says = [Said({}, 307, elsewhere)]

    found = deliver()

    assert found
    assert (found.state, found.tries.get().status) == ("waiting", 307)
    assert [path for _, path, *_ in receiver.server.asked] == [PATH]


def test_an_address_that_is_not_public_is_not_called(
    larkspur: Organization, receiver: Receiver, settings: Settings
) -> None:
    """The server would post for one organization where only its own network reaches."""
    settings.PRIVATE_SOURCES = ()
    hook(larkspur, receiver)
    break_one(larkspur)

    found = deliver()

    assert found
    assert "it is no public address" in found.tries.get().reason
    assert receiver.server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.com/x",
        "https://user:password@hooks.example.com/x",
        "ftp://hooks.example.com",
        "https://",
        "https://hooks.example.com/\x00",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_an_address_that_nothing_can_be_posted_to_is_a_problem_of_its_field(address: str) -> None:
    _, problems = read_webhook({"title": "x", "address": address})

    assert [each.where for each in problems] == ["address"]


def test_a_message_that_a_worker_died_over_is_sent_again_with_the_same_id(
    larkspur: Organization, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: it was posted, and nobody kept that it was."""
    from reperform.noticing.actions import delivering  # noqa: PLC0415 - one of its steps is cut off

    hook(larkspur, receiver)
    break_one(larkspur)
    with monkeypatch.context() as killed:
        killed.setattr(delivering, "end_delivery", _die)
        with pytest.raises(KeyboardInterrupt):
            deliver()

    assert deliver(NOW + LEASE) is None
    found = deliver(NOW + LEASE + timedelta(seconds=1))

    assert found
    assert found.state == "done"
    assert len({headers["webhook-id"] for _, _, headers, _ in receiver.server.asked}) == 1
    assert len(receiver.server.asked) == 2
    assert found.tries.get(number=1).reason == "the worker stopped in the middle"


def _die(**_: object) -> None:
    raise KeyboardInterrupt


def test_it_is_told_of_its_kinds_only(larkspur: Organization, receiver: Receiver) -> None:
    hook(larkspur, receiver, kinds=(Kind.DEVIATES,))
    break_one(larkspur)

    assert not Delivery.objects.exists()


def test_neither_address_nor_secret_is_shown_or_kept_in_clear(
    larkspur: Organization,
    receiver: Receiver,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """Not on a page, in the trail or a row; not when the receiver repeats it."""
    admin = signed_in(member(Role.ADMINISTRATOR))
    said = {"title": "On call", "format": "json", "address": receiver.server.address + PATH}
    made = admin.post("/o/larkspur/notices/webhooks/new/", said).content.decode()
    secret = made.split("<code>")[1].split("</code>")[0]
    break_one(larkspur)
    receiver.says = [Said({"error": f"no hook at {PATH}"}, 404)]
    deliver()

    pages = [
        admin.get(f"/o/larkspur/notices/webhooks/{each}").content.decode()
        for each in ("", "1/", "1/edit/", "1/retire/")
    ]
    entries = [bytes(each.content).decode(errors="replace") for each in Change.objects.all()]
    rows = [str(vars(each)) for each in (*Webhook.objects.all(), *Delivery.objects.all())]
    for text in (*pages, *entries, *rows, *map(str, Delivery.objects.get().tries.values())):
        assert "hidden-path" not in text
        assert secret not in text
    assert "404 no hook at /..." in pages[1]


def test_the_pages_make_try_change_renew_and_retire_one(
    larkspur: Organization,
    receiver: Receiver,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    admin, url = signed_in(member(Role.ADMINISTRATOR)), "/o/larkspur/notices/webhooks/"
    said = {"title": "On call", "format": "json", "address": receiver.server.address + PATH}

    wrong = admin.post(f"{url}new/", said | {"address": "http://example.com"})
    assert wrong.status_code == 422
    assert "it must begin with https://" in wrong.content.decode()
    admin.post(f"{url}new/", said)
    assert admin.post(f"{url}1/").status_code == 302
    deliver(datetime.now(UTC))
    assert receiver.bodies[0]["type"] == "notices.trial"
    renewed = admin.post(f"{url}1/", {"do": "secret"}).content.decode()
    assert "whsec_" in renewed
    stale = admin.post(f"{url}1/edit/", {"title": "New", "format": "json", "seen": "1"})
    assert stale.status_code == 409
    changed = {"title": "New", "format": "json", "seen": "2", "kinds": ["silent", "late"]}
    assert admin.post(f"{url}1/edit/", changed).status_code == 302
    assert Webhook.objects.get().kinds == ["silent", "late"]
    assert admin.post(f"{url}1/retire/", {"seen": "3", "reason": ""}).status_code == 422
    assert admin.post(f"{url}1/retire/", {"seen": "3", "reason": "moved"}).status_code == 302
    assert Webhook.objects.get().sealed_address == ""
    assert admin.post(f"{url}1/").status_code == 422
    assert admin.post(f"{url}1/", {"again": "77"}).status_code == 404


def test_what_waits_for_a_retired_one_is_not_sent(
    larkspur: Organization, receiver: Receiver, manager: Client
) -> None:
    from reperform.noticing.actions.webhooks import retire_webhook  # noqa: PLC0415 - used here only

    hook(larkspur, receiver)
    try_webhook(organization=larkspur, number=1, by="ada", at=NOW)
    retire_webhook(organization=larkspur, number=1, reason="x", seen=1, by="ada", at=NOW)

    assert deliver() is None
    assert receiver.server.asked == []


def test_slack_gets_blocks_in_which_no_text_of_a_source_mentions_or_links(
    larkspur: Organization, receiver: Receiver
) -> None:
    address = receiver.server.address + PATH
    fields = WebhookFields("Channel", Format.SLACK, address)
    _, secret = make_webhook(organization=larkspur, fields=fields, by="ada", at=NOW)
    break_one(larkspur, title="<!channel> & <https://evil.example|click>")
    deliver()

    ((_, _, headers, body),) = receiver.server.asked
    said = json.loads(body)
    assert (secret, "webhook-signature" in headers) == ("", False)
    assert said["text"] == "Larkspur: 1 noticed"
    header, section, *_ = said["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "Larkspur: 1 noticed", "emoji": False}
    assert section["text"]["type"] == "mrkdwn"
    assert section["text"]["verbatim"] is True
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;" in section["text"]["text"]
    assert "<" not in body.decode()


def test_a_message_to_slack_keeps_to_what_slack_takes() -> None:
    """At most fifty blocks, 3,000 characters of text in each, 150 in the header."""
    long = Told(1, "late", "S" * 120, "&" * 300, NOW, "<" * 600, "x" * 600, None)
    said = slack_payload(Message("L" * 200, "https://x", NOW, (long,) * 200, (long,) * 9))

    assert len(said["blocks"]) <= 50
    assert all(len(each["text"]["text"]) <= 3_000 for each in said["blocks"])
    assert len(said["blocks"][0]["text"]["text"]) <= 150
    assert "and 170 more" in str(said["blocks"])
    assert escaped("&lt;") == "&amp;lt;"
