"""Waivers over the API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import Waiver

Programs = Callable[..., Program]
LAST = str(datetime.now(UTC).date() + timedelta(days=30))
SAID = {"test": "CHG-01.T1", "items": ["abc"], "reason": "The reviewer was ill.", "last": LAST}


def test_a_waiver_is_asked_for_decided_by_another_and_withdrawn(
    program: Programs, larkspur: Organization
) -> None:
    """The same as on the pages; a token decides as the person who made it."""
    asker, decider = program(Role.ADMINISTRATOR), program(Role.COMPLIANCE_MANAGER)
    made = asker.ask("post", "/waivers", {"content": SAID})
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "asked for"
    body = {"seen": 1, "content": SAID | {"reason": "Ill for a week."}}
    assert asker.ask("put", "/waivers/1", body).json()["reason"] == "Ill for a week."
    decision = {"seen": 2, "is_approved": True}
    own = asker.ask("post", "/waivers/1/decision", decision)
    assert (own.status_code, own.json()["slug"]) == (422, "waiver-own")
    assert decider.ask("post", "/waivers/1/decision", decision).json()["state"] == "in force"
    late = decider.ask("post", "/waivers/1/decision", decision)
    assert (late.status_code, late.json()["slug"]) == (409, "stale-version")
    assert asker.get("/waivers?state=in%20force&test=CHG")["total"] == 1
    gone = decider.ask("post", "/waivers/1/withdrawal", {"seen": 3, "reason": "She is back."})
    assert gone.json()["state"] == "withdrawn"
    assert asker.get("/waivers/1")["withdrawn_because"] == "She is back."


def test_what_is_wrong_is_named_by_its_field_and_nothing_is_kept(
    program: Programs, larkspur: Organization
) -> None:
    """A field that there is not is refused too."""
    caller = program()
    before = changes(larkspur.log).count()
    for said, where in (
        ({"test": "ZZ-01.T1"}, "test"),
        ({"reason": "\ud800"}, "reason"),
        ({"items": ["\ud800"]}, "items"),
        ({"items": [1]}, "items"),
        ({"items": {"a": "b"}}, "items"),
        ({"last": None}, "last"),
        ({"colour": "red"}, "colour"),
        ({"compensating_control": "XX-99"}, "compensating_control"),
    ):
        answer = caller.ask("post", "/waivers", {"content": SAID | said})
        assert answer.status_code == 422, answer.content
        assert where in str(answer.json())
    assert Waiver.objects.count() == 0
    assert changes(larkspur.log).count() == before


def test_another_organizations_waiver_is_not_there(
    program: Programs, strange_program: Program, larkspur: Organization
) -> None:
    program().ask("post", "/waivers", {"content": SAID})
    assert strange_program.ask("get", "/waivers/1").status_code == 404
    decision = {"seen": 1, "is_approved": True}
    assert strange_program.ask("post", "/waivers/1/decision", decision).status_code == 404
    assert strange_program.get("/waivers")["total"] == 0
