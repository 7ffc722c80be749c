"""A small server of LookupEvents: real pages over real HTTP, and what goes wrong with them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aws import ACCOUNT, REGION
from cloudtrail import Record
from reperform.connectors.settings import Access

WHO = (
    "<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'>"
    "<GetCallerIdentityResult><Arn>arn:aws:iam::{0}:user/asks</Arn><UserId>A</UserId>"
    "<Account>{0}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
"""Whom STS says that asks; an account goes into it."""
Answered = tuple[int, bytes]


def error(code: str, status: int = 400) -> Answered:
    return status, json.dumps({"__type": code, "message": "the server says no"}).encode()


@dataclass
class Lookup:
    """The server.

    Attributes:
        records: what it knows, each page the newest first.
        wrong: page number from 0 -> what is answered in its place; None: the page.
        asked: how many pages were asked for.
    """

    address: str = ""
    records: list[Record] = field(default_factory=list)
    size: int = 2
    wrong: Callable[[int], Answered | None] = lambda _: None
    asked: int = 0

    def access(self) -> Access:
        settings = {
            "account": ACCOUNT,
            "regions": [REGION],
            "access_key_id": "AKIAASKS000000000000",
            "endpoint": self.address,
        }
        return Access(settings, {"secret_access_key": "any will do"})

    def page(self, asked: dict[str, Any]) -> Answered:
        first, last = asked["StartTime"], asked["EndTime"]
        found = [
            one
            for one in sorted(self.records, key=lambda one: str(one["eventTime"]), reverse=True)
            if first <= datetime.fromisoformat(one["eventTime"]).timestamp() <= last
        ]
        at = int(asked.get("NextToken", 0))
        page: dict[str, Any] = {
            "Events": [
                {"EventId": one["eventID"], "CloudTrailEvent": json.dumps(one)}
                for one in found[at : at + self.size]
            ]
        }
        if at + self.size < len(found):
            page["NextToken"] = str(at + self.size)
        return 200, json.dumps(page).encode()


@contextmanager
def served() -> Iterator[Lookup]:
    lookup = Lookup()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if b"GetCallerIdentity" in body:
                self.answer(200, WHO.format(ACCOUNT).encode())
                return
            wrong = lookup.wrong(lookup.asked)
            lookup.asked += 1
            self.answer(*(wrong or lookup.page(json.loads(body))))

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lookup.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield lookup
    finally:
        server.shutdown()
        server.server_close()
