"""A small server that speaks as AWS does: for what moto does not have, and for single denials."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from answering import Said, Server, answering
from aws import ACCOUNT, REGION
from lookup import WHO
from reperform.connectors.settings import Access


@dataclass
class Cloud:
    """A server that speaks as AWS does.

    Attributes:
        said: operation, or method and path -> what it says; a list of pages, by their number.
        denied: operations, or paths, that are answered with AccessDenied.
    """

    server: Server = field(default_factory=lambda: Server(""))
    said: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    xml: dict[str, str] = field(default_factory=dict)
    """Path, with the name of the first parameter -> XML."""
    forms: dict[str, bytes] = field(default_factory=dict)
    """Action of a form -> XML; `RestorableBy` for who asks which snapshots anybody can restore."""

    def access(self, **more: object) -> Access:
        settings = {
            "account": ACCOUNT,
            "regions": [REGION],
            "access_key_id": "AKIAASKS000000000000",
        }
        named = {**settings, "endpoint": self.server.address, **more}
        return Access(named, {"secret_access_key": "any will do"})

    def answer(self, path: str, number: int) -> Said:
        _, _, headers, body = self.server.asked[number - 1]
        if b"GetCallerIdentity" in body:
            return Said(WHO.format(ACCOUNT).encode())
        form = dict(parse_qsl(body.decode())) if b"Action=" in body else {}
        if form:
            return self._form(form)
        target = headers.get("x-amz-target", "").rpartition(".")[2]
        name = target or path.partition("?")[0]
        if self.xml:
            return self._xml(name, path.partition("?")[2])
        if name in self.denied:
            return Said(
                {"__type": "AccessDeniedException", "message": f"not authorized: {name}"},
                status=400 if target else 403,
                headers={"x-amzn-ErrorType": "AccessDeniedException"},
            )
        told = json.loads(body or b"{}")
        asked = told.get("nextToken") or told.get("NextToken") or "0"
        return Said(self.said.get(name, [{}])[int(asked)])

    def _xml(self, name: str, query: str) -> Said:
        asked = {one.partition("=")[0] for one in query.split("&")} - {"", "x-id"}
        known = (f"{name}?{one}" for one in asked)
        key = next((one for one in known if one in self.xml or one in self.denied), name)
        if key in self.denied:
            error = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            return Said(error.encode(), status=403)
        return Said(self.xml[key].encode())

    def _form(self, form: dict[str, str]) -> Said:
        if form["Action"] in self.denied:
            is_rds = form["Action"].startswith("DescribeDB")
            code = "AccessDenied" if is_rds else "UnauthorizedOperation"
            error = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
            return Said(
                f"<R>{error if is_rds else f'<Errors>{error}</Errors>'}</R>".encode(), status=403
            )
        is_public = any(name.startswith("RestorableBy") for name in form)
        name = "RestorableBy" if is_public else form["Action"]
        return Said(self.forms.get(name, f"<R><{name}Result></{name}Result></R>".encode()))


@contextmanager
def clouded() -> Iterator[Cloud]:
    """Serve until the block ends."""
    found = Cloud()
    with answering(found.answer) as server:
        found.server = server
        yield found
