"""Calls over HTTP, against a real server on this machine: whole, patient, discreet."""

import gzip
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from answering import Said, answering
from reperform.connectors.calls import (
    CallFailedError,
    Client,
    Count,
    Follow,
    Limits,
    Reply,
    Request,
    Tokens,
    basic,
    bearer,
    cursor_in,
    link_next,
    numbered,
    pages,
)
from reperform.connectors.calls.messages import origin
from reperform.connectors.calls.opening import networks, refuse_address, refuse_host
from reperform.connectors.calls.waiting import asked_to_wait, backoff
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket

SECRET = "ghp_0123456789abcdef"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(
    answer: Callable[[str, int], Said],
    *,
    follow: Follow = link_next,
    count: Callable[[Reply], Count] | None = None,
    limits: Limits | None = None,
) -> tuple[list[tuple[str, str, bytes]], list[float]]:
    """Return the answers (name, what was refused, bytes) of `/things`, and the waits."""
    waits: list[float] = []
    with answering(answer) as server:
        access = Access({}, {"token": SECRET}, wait=waits.append)
        client = Client(
            server.address, access=access, credentials=bearer(SECRET), limits=limits or Limits()
        )
        found = [
            (each.name, each.refused, b"".join(each.body))
            for each in pages(client, "things", Request("things"), follow=follow, count=count)
        ]
    return found, waits


def test_pages_are_followed_by_link_to_the_end_and_kept_byte_for_byte() -> None:
    def answer(_: str, number: int) -> Said:
        more = {"Link": f'</things?page={number + 1}>; rel="next", </things>; rel="first"'}
        return Said(f"[ {number}]\n".encode(), headers=more if number < 3 else {})

    found, _ = read(answer)
    assert found == [
        ("things page 1", "", b"[ 1]\n"),
        ("things page 2", "", b"[ 2]\n"),
        ("things page 3", "", b"[ 3]\n"),
    ]


def test_pages_are_followed_by_a_cursor_until_it_is_empty() -> None:
    asked = []

    def answer(path: str, number: int) -> Said:
        asked.append(path)
        return Said({"meta": {"next": "a b" if number == 1 else ""}})

    found, _ = read(answer, follow=cursor_in("meta", "next", parameter="cursor"))
    assert len(found) == 2
    assert asked == ["/things", "/things?cursor=a%20b"]


def test_numbered_pages_end_with_one_that_is_not_full() -> None:
    def answer(_: str, number: int) -> Said:
        return Said([1, 2] if number < 3 else [1])

    follow = numbered(parameter="page", size=2, given=lambda reply: len(reply.json()))
    found, _ = read(answer, follow=follow)
    assert [body for _, _, body in found] == [b"[1, 2]", b"[1, 2]", b"[1]"]


def test_a_cursor_that_is_no_cursor_is_refused() -> None:
    with pytest.raises(CallFailedError, match="next is no cursor"):
        read(lambda *_: Said({"next": {}}), follow=cursor_in("next", parameter="cursor"))


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_source_that_refuses_is_refused_with_its_words(status: int) -> None:
    found, _ = read(lambda *_: Said({"message": f"no, {SECRET}"}, status=status))
    assert found == [("things", f"{status} no, [secret]", b"")]


def test_a_later_page_that_is_refused_leaves_nothing() -> None:
    def answer(_: str, number: int) -> Said:
        if number == 2:
            return Said({"message": "expired"}, status=401)
        return Said([1], headers={"Link": '</things?page=2>; rel="next"'})

    with pytest.raises(CallFailedError, match="page 2: 401 expired"):
        read(answer)


def test_pages_that_go_in_a_circle_are_refused() -> None:
    circle = {"Link": '</things?page=2>; rel="next"'}
    with pytest.raises(CallFailedError, match="was read already"):
        read(lambda *_: Said([1], headers=circle))


def test_pages_without_end_are_refused() -> None:
    def answer(_: str, number: int) -> Said:
        return Said([1], headers={"Link": f'</things?page={number + 1}>; rel="next"'})

    with pytest.raises(CallFailedError, match="more than 5 pages"):
        read(answer, limits=Limits(pages=5))


def test_a_source_that_gives_fewer_than_it_announced_is_refused() -> None:
    def count(reply: Reply) -> Count:
        return Count(len(reply.json()["items"]), reply.json()["total"])

    found, _ = read(lambda *_: Said({"items": [1, 2], "total": 2}), count=count)
    assert len(found) == 1
    with pytest.raises(CallFailedError, match="says that there are 3, and gave 2"):
        read(lambda *_: Said({"items": [1, 2], "total": 3}), count=count)


def test_it_waits_as_long_as_it_is_asked_to_and_asks_again() -> None:
    def answer(_: str, number: int) -> Said:
        if number == 1:
            return Said({}, status=429, headers={"Retry-After": "7"})
        return Said({}, status=503) if number == 2 else Said([1])

    found, waits = read(answer)
    assert [body for _, _, body in found] == [b"[1]"]
    assert waits == [7.0, 2.0]


def test_it_asks_no_more_often_than_the_limit() -> None:
    with pytest.raises(CallFailedError, match=r"500 broken, 3 times"):
        read(lambda *_: Said({"message": "broken"}, status=500), limits=Limits(attempts=3))


def test_a_wait_that_is_too_long_is_refused() -> None:
    with pytest.raises(CallFailedError, match="asks to wait 86,400 seconds"):
        read(lambda *_: Said({}, status=429, headers={"Retry-After": "86400"}))


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90),
        (429, {"retry-after": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0),
        (429, {"retry-after": "soon"}, 1),
        (429, {"x-rate-limit-reset": str(int(NOW.timestamp()) + 30)}, 31),
        (429, {"ratelimit-reset": "12"}, 12),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()))}, 1),
        (403, {"x-ratelimit-remaining": "3"}, None),
        (403, {"retry-after": "60"}, 60),
        (502, {}, 1),
        (200, {"x-ratelimit-remaining": "0"}, None),
        (404, {}, None),
    ],
)
def test_how_long_each_kind_of_source_asks_to_wait(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert asked_to_wait(status, headers, attempt=1, now=NOW) == seconds


def test_each_wait_that_nobody_named_doubles_up_to_half_a_minute() -> None:
    assert [backoff(attempt) for attempt in range(1, 9)] == [1, 2, 4, 8, 16, 32, 32, 32]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2",
            "IncompleteRead",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1, 2\r\n",
            "ended prematurely",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n[1, 2", "not whole JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx", "packed as br"),
        (b"nonsense\r\n\r\n", "times"),
        (b"", "times"),
    ],
)
def test_half_an_answer_is_none(raw: bytes, what: str) -> None:
    with pytest.raises(CallFailedError, match=what):
        read(lambda *_: Said(raw=raw), limits=Limits(attempts=2))


def packed(content: bytes) -> Said:
    return Said(content, headers={"Content-Encoding": "gzip"})


def test_a_packed_answer_is_unpacked() -> None:
    found, _ = read(lambda *_: packed(gzip.compress(b'{"a": 1}')))
    assert found[0][2] == b'{"a": 1}'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(b"[1]" * 1000)[:-9], "cut off"),
        (gzip.compress(b"[1]") + b"more", "something was added"),
        (b"not gzip at all", "cannot be unpacked"),
        (gzip.compress(bytes(50_000_000)), "larger than 1,000,000 bytes"),
    ],
    ids=["truncated", "trailing", "not gzip", "bomb"],
)
def test_a_packed_answer_that_is_not_whole_or_a_bomb_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(CallFailedError, match=what):
        read(lambda *_: packed(content), limits=Limits(page=1_000_000))


def test_answers_that_are_too_large_in_all_are_refused() -> None:
    def answer(_: str, number: int) -> Said:
        more = {"Link": f'</things?page={number + 1}>; rel="next"'}
        return Said(b'"' + b"x" * 600 + b'"', headers=more)

    with pytest.raises(CallFailedError, match="larger than 1,000 bytes"):
        read(answer, limits=Limits(total=1_000))


def test_a_redirect_within_the_source_is_followed_and_one_to_another_host_is_not() -> None:
    with answering(lambda *_: Said([1])) as other:

        def answer(path: str, __: int) -> Said:
            target = "/moved" if path == "/things" else f"{other.address}/things"
            return Said({}, status=302, headers={"Location": target})

        with pytest.raises(CallFailedError, match=r"is not at http://127\.0\.0\.1"):
            read(answer)
        assert other.asked == []


def test_a_next_page_at_another_host_is_not_asked_for() -> None:
    with answering(lambda *_: Said([1])) as other:
        link = {"Link": f'<{other.address}/things>; rel="next"'}
        with pytest.raises(CallFailedError, match="is not at"):
            read(lambda *_: Said([1], headers=link))
        assert other.asked == []


def test_redirects_without_end_are_refused() -> None:
    with pytest.raises(CallFailedError, match="leads on and on"):
        read(lambda *_: Said({}, status=302, headers={"Location": "/things"}))


def test_the_exact_request_is_kept_without_its_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with answering(lambda *_: Said({"data": 1})) as server:
        access = Access({}, {"password": SECRET})
        client = Client(server.address, access=access, credentials=basic("me", SECRET))
        reply = client.call(
            Request("graphql", (("a", "b c"),), method="POST", body={"query": "{ viewer }"})
        )
    method, path, headers, body = server.asked[0]
    assert (method, path, body) == ("POST", "/graphql?a=b%20c", b'{"query":"{ viewer }"}')
    assert headers["authorization"].startswith("Basic ")
    assert reply.asked == (
        f"POST {server.address}/graphql?a=b%20c\nAccept: application/json\n"
        '{"query":"{ viewer }"}'
    )
    encoded = headers["authorization"].removeprefix("Basic ")
    for secret in (SECRET, encoded):
        assert secret not in caplog.text + reply.asked + repr(reply)


def test_credentials_are_not_sent_in_clear() -> None:
    with pytest.raises(CallFailedError, match="would travel in clear"):
        Client("http://source.example", access=Access({}), credentials=bearer(SECRET))


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1%eth0", "::", "224.0.0.1", "::ffff:169.254.1.1"]
)
def test_addresses_that_no_source_has_are_not_called(address: str) -> None:
    with pytest.raises(CallFailedError, match="was not called"):
        refuse_address(address)


PRIVATE = [
    ("10.1.2.3", "", False),
    ("10.1.2.3", "10.1.0.0/16", True),
    ("10.2.2.3", "10.1.0.0/16", False),
    ("127.0.0.1", "10.0.0.0/8", False),
    ("::1", "all", True),
    ("fd00::1", "", False),
    ("::ffff:10.1.2.3", "192.168.0.0/16", False),
    ("100.64.0.1", "", False),
    ("93.184.215.14", "", True),
    ("169.254.169.254", "all", False),
]


@pytest.mark.parametrize(("address", "named", "is_called"), PRIVATE)
def test_addresses_that_are_not_public_are_called_where_the_installation_names_their_network(
    address: str, named: str, *, is_called: bool
) -> None:
    """And a machine's own credentials never."""
    if is_called:
        refuse_address(address, networks(named))
        return
    with pytest.raises(CallFailedError, match="was not called"):
        refuse_address(address, networks(named))


def test_nothing_is_sent_to_an_address_that_is_not_open_to_connections() -> None:
    """Whatever name leads there: the connection itself is looked at."""
    with answering(lambda *_: Said([])) as server:
        access = Access({}, private=networks("10.0.0.0/8"))
        client = Client(server.address.replace("127.0.0.1", "localhost"), access=access)
        with pytest.raises(CallFailedError, match="REPERFORM_PRIVATE_SOURCES"):
            client.get("things")

    assert server.asked == []


def test_a_name_is_refused_when_one_of_its_addresses_is() -> None:
    with pytest.raises(CallFailedError, match="is no public address"):
        refuse_host("localhost", ())
    with pytest.raises(CallFailedError, match="was not asked"):
        refuse_host("nowhere.invalid", ())


def test_a_server_with_an_unknown_certificate_is_refused_without_another_try() -> None:
    waits: list[float] = []
    with answering(lambda *_: Said([])) as server:
        address = server.address.replace("http://", "https://")
        client = Client(
            address, access=Access({}, wait=waits.append), limits=Limits(attempts=2, silence=5)
        )
        with pytest.raises(CallFailedError, match=r"SSL|record layer"):
            client.get("/")
    assert waits == []


def test_certificates_to_trust_that_are_none_are_refused() -> None:
    with pytest.raises(CallFailedError, match="cannot be read"):
        Client("https://source.example", access=Access({}), roots="hello")


def test_a_server_that_says_nothing_is_given_up() -> None:
    until_the_end = threading.Event()

    def answer(_: str, __: int) -> Said:
        until_the_end.wait()
        return Said([])

    with answering(answer) as server:
        client = Client(server.address, access=Access({}), limits=Limits(attempts=1, silence=0.05))
        with pytest.raises(CallFailedError, match="timed out"):
            client.get("/")
        until_the_end.set()


def test_one_origin_is_one_host_scheme_and_port() -> None:
    assert origin("https://a.example") == origin("https://A.example:443/x?y")
    assert origin("https://a.example") != origin("http://a.example:443")


def test_a_limit_that_is_told_in_words_only_is_waited_for() -> None:
    """Google refuses with 403, as it does who may not ask: its words tell the two apart."""
    limit, lack = (
        asked_to_wait(403, {}, attempt=2, now=NOW, told=told)
        for told in ("403 User Rate Limit Exceeded", "403 Not Authorized")
    )

    assert (limit, lack) == (backoff(2), None)


def test_a_token_is_asked_for_once_until_it_is_about_to_end() -> None:
    """And again before it ends; its request, with the secret in it, is shown nowhere."""
    moments = [NOW, NOW + timedelta(minutes=50), NOW + timedelta(minutes=56)]
    body = {"access_token": "granted-token", "expires_in": 3_600}
    with answering(lambda *_: Said(body)) as server:
        client = Client(server.address, access=Access({}, {"secret": SECRET}))
        clock = iter([moments[0], moments[0], moments[1], moments[2], moments[2]])
        form = (("client_secret", SECRET),)
        tokens = Tokens(
            client,
            lambda _: Request("token", method="POST", form=form),
            clock=lambda: next(clock),
        )
        headers = [tokens.headers() for _ in moments]

    assert headers == [bearer("granted-token")] * 3
    assert [(method, body) for method, _, _, body in server.asked] == [
        ("POST", f"client_secret={SECRET}".encode())
    ] * 2


REFUSED_TOKENS = {
    "no token": Said({"token_type": "Bearer"}),
    "no object": Said(["granted-token"]),
    "a token of two lines": Said({"access_token": "granted\r\nX: 1"}),
    "a refusal": Said({"error": "invalid_client", "error_description": SECRET}, status=400),
}


@pytest.mark.parametrize("case", REFUSED_TOKENS)
def test_a_token_that_is_not_granted_stops_everything_and_shows_no_secret(case: str) -> None:
    """Nothing is asked without one."""
    with answering(lambda *_: REFUSED_TOKENS[case]) as server:
        client = Client(server.address, access=Access({}, {"secret": SECRET}))
        tokens = Tokens(client, lambda _: Request("token", method="POST", form=(("a", SECRET),)))
        with pytest.raises(CallFailedError, match="no token was granted") as refused:
            tokens.headers()

    assert SECRET not in str(refused.value)


def test_a_secret_is_not_sent_for_a_token_in_clear() -> None:
    """Whoever is on the way would have it."""
    client = Client("http://login.example.org", access=Access({}, {"secret": SECRET}))

    with pytest.raises(CallFailedError, match="would travel in clear"):
        Tokens(client, lambda _: Request("token"))
