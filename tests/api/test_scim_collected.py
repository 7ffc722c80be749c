"""Our own SCIM service, read by the connector as any other: a real server at both ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from api.conftest import Program
from api.directory import Directory
from collected import put
from reperform.accounts.permissions import Role
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.scim import CONNECTOR
from reperform.connectors.settings import Access

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.enable_socket
def test_our_own_service_is_read_to_its_end(
    live_server: LiveServer, program: Callable[..., Program], tmp_path: Path
) -> None:
    """More people than one page holds, one of whom may not sign in; nobody is in a group."""
    secret = program(Role.ADMINISTRATOR).secret
    directory = Directory(secret)
    for number in range(102):
        made = directory.make(f"p{number:03}@larkspur.example", active=number != 7)
        assert made.status_code == 201
    settings = {"service": "reperform", "address": f"{live_server.url}/scim/v2", "privileged": []}
    access = Access(settings, {"token": secret})

    (question,) = CONNECTOR.questions(access, Asking(NOW))
    found = put(question, CONNECTOR.stream("scim/access").source, tmp_path, NOW)

    rows = found.of("population.accounts")
    assert (found.outcome, len(rows)) == ("complete", 102)
    assert [row["account"] for row in rows if not row["is_enabled"]] == ["p007@larkspur.example"]
    assert found.covers["population.groups"].last == NOW.date()
    said = {finding.permission: finding.grant for finding in checked(CONNECTOR, access).findings}
    assert said == {"Users": Grant.GRANTED, "Groups": Grant.GRANTED}
