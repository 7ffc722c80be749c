"""Systems of record over the API."""

from collections.abc import Callable

from api.conftest import Program
from reperform.accounts.models import Organization

Programs = Callable[..., Program]


def test_they_are_stated_whole_and_read_back(program: Programs, larkspur: Organization) -> None:
    """The second who states them at once is told; what is no list of names is refused."""
    caller = program()
    assert caller.get("/systems")["version"] == 0
    body = {"seen": 0, "content": {"identity_provider": ["okta acme"], "code_host": ["hub"]}}
    assert caller.ask("put", "/systems", body).json()["version"] == 1
    assert caller.get("/systems")["content"]["identity_provider"] == ["okta acme"]
    late = caller.ask("put", "/systems", body)
    assert (late.status_code, late.json()["slug"]) == (409, "stale-version")
    for content in ({"boss": ["x"]}, {"hr_roster": 3}, {"hr_roster": ["\ud800"]}):
        answer = caller.ask("put", "/systems", {"seen": 1, "content": content})
        assert answer.status_code == 422, answer.content
    assert caller.get("/systems")["version"] == 1


def test_another_organizations_systems_are_its_own(
    program: Programs, strange_program: Program, larkspur: Organization
) -> None:
    program().ask("put", "/systems", {"seen": 0, "content": {"hr_roster": ["hr"]}})
    assert strange_program.get("/systems")["content"]["hr_roster"] == []
