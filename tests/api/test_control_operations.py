"""Controls, criteria and the matrix over the API: as the pages have them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.conftest import Program
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role, granted
from reperform.catalog.criteria import CRITERION_IDS
from reperform.program.models import AdoptedControl

TODAY = datetime.now(UTC).date().isoformat()


def said(answer: Any) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer.content)


def adopt(caller: Program, library_id: str = "CHG-01", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    answer = caller.ask("post", "/controls", {"library_id": library_id, **more})
    assert answer.status_code == 201, answer.content
    return dict(said(answer))


def test_a_control_is_adopted_changed_and_retired(program: Callable[..., Program]) -> None:
    """Each answer is the control as it is then."""
    caller = program()
    control = adopt(caller)
    assert (control["state"], control["version"], control["is_tailored"]) == ("adopted", 1, False)
    assert control["tests"]

    content = control["content"] | {"title": "Ours"}
    changed = caller.ask("put", "/controls/CHG-01", {"seen": 1, "content": content})
    assert said(changed)["is_tailored"] is True
    assert said(changed)["library"]["title"] != "Ours"
    stale = caller.ask("put", "/controls/CHG-01", {"seen": 1, "content": content})
    assert (stale.status_code, said(stale)["slug"]) == (409, "stale-version")

    retirement = {"seen": 2, "on": TODAY, "reason": "Gone."}
    retired = caller.ask("post", "/controls/CHG-01/retirement", retirement)
    assert said(retired)["state"] == "retired"
    again = caller.ask("post", "/controls/CHG-01/retirement", retirement | {"seen": 3})
    assert said(again)["slug"] == "control-retired"
    reused = caller.ask("post", "/controls", {"library_id": "CHG-01"})
    assert reused.status_code == 422
    assert adopt(caller, code="CHG-01.2", library_id="CHG-01")["code"] == "CHG-01.2"


def test_one_of_their_own_is_written(program: Callable[..., Program]) -> None:
    """Without a library id the content is needed, and a code that is free."""
    caller = program()
    content = adopt(caller)["content"]

    own = caller.ask("post", "/controls", {"code": "OWN-01", "content": content})
    empty = caller.ask("post", "/controls", {"code": "OWN-02"})
    taken = caller.ask("post", "/controls", {"code": "AC-01", "content": content})
    unknown = caller.ask("post", "/controls", {"library_id": "NO-99"})

    assert (own.status_code, said(own)["library"]) == (201, None)
    assert {each["where"] for each in said(empty)["problems"]} >= {"title", "text", "criteria"}
    assert "the library's control of this name" in said(taken)["problems"][0]["what"]
    assert said(unknown)["problems"][0]["where"] == "library_id"


def test_the_starter_set_is_listed_and_adopted(program: Callable[..., Program]) -> None:
    """As the page does it: look at the two choices, list what one adopts, and send it."""
    caller = program()
    found = caller.get("/controls/choices")
    starter, every = found["choices"]
    assert (starter["name"], every["name"]) == ("starter", "all")
    assert (starter["unserved"], every["unserved"], every["open_points"]) == ([], [], 0)
    assert 0 < starter["open_points"] < starter["points"]
    named = {name for group in found["starter"] for name in group["controls"]}

    listed = caller.get(f"/controls?{starter['query']}&limit=200")["items"]
    assert {each["code"] for each in listed} == named
    assert all(each["is_starter"] for each in listed)
    assert starter["count"] == len(listed) < every["count"]
    rows = [{"code": each["code"], "seen": each["version"]} for each in listed]
    done = caller.ask("post", "/controls/bulk", {"act": "adopt", "rows": rows})

    assert (said(done)["changed"], said(done)["refused"]) == (sorted(named), [])
    standings = {each["standing"] for each in caller.get("/criteria")}
    assert standings == {"served", "points open", "not in scope"}
    again = said(caller.ask("post", "/controls", {"library_id": "CHG-01", "code": "CHG-01.2"}))
    assert "cannot come from the same library control" in again["why"]


def test_the_list_is_narrowed_and_paged(program: Callable[..., Program]) -> None:
    caller = program()
    adopt(caller)

    every = caller.get("/controls?limit=2")
    adopted = caller.get("/controls?state=adopted")
    beyond = caller.get("/controls?offset=5000")

    assert len(every["items"]) == 2 < every["total"]
    assert [each["code"] for each in adopted["items"]] == ["CHG-01"]
    assert beyond["items"] == []
    assert caller.ask("get", "/controls?limit=0").status_code == 422


def test_several_are_changed_at_once(program: Callable[..., Program]) -> None:
    """What cannot be done is refused by itself, with its reason."""
    caller = program()
    rows = [{"code": code, "seen": 0} for code in ("CHG-01", "CHG-02", "NO-99")]

    adopted = said(caller.ask("post", "/controls/bulk", {"act": "adopt", "rows": rows}))
    assert adopted["changed"] == ["CHG-01", "CHG-02"]
    assert [(each["code"], each["slug"]) for each in adopted["refused"]] == [
        ("NO-99", "control-missing")
    ]
    body = {
        "act": "frequency",
        "frequency": "daily",
        "rows": [{"code": "CHG-01", "seen": 1}, {"code": "CHG-02", "seen": 7}],
    }
    changed = said(caller.ask("post", "/controls/bulk", body))
    assert changed["changed"] == ["CHG-01"]
    assert changed["refused"][0]["slug"] == "stale-version"


@pytest.mark.parametrize(
    "body",
    [
        {"act": "drop", "rows": [{"code": "CHG-01", "seen": 1}]},
        {"act": "owner", "rows": []},
        {"act": "owner", "owner": 99, "rows": [{"code": "CHG-01", "seen": 1}]},
        {"act": "retire", "rows": [{"code": "CHG-01", "seen": 1}], "reason": "x"},
        {"act": "retire", "rows": [{"code": "CHG-01", "seen": 1}], "on": TODAY},
        {"act": "implemented", "rows": [{"code": "x", "seen": 1}], "implemented_on": "2999-01-01"},
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(
    program: Callable[..., Program], body: dict[str, Any]
) -> None:
    caller = program()
    adopt(caller)

    assert caller.ask("post", "/controls/bulk", body).status_code == 422
    assert AdoptedControl.objects.get().version == 1


def test_another_organization_has_none_of_it(
    program: Callable[..., Program], strange_program: Program
) -> None:
    """Its control does not exist, its member owns nothing here."""
    caller = program()
    adopt(caller, code="OWN-01.1", library_id="AC-01")
    stranger = Membership.objects.get(user__email="stranger@other.example")
    body = {"library_id": "CHG-02", "owner": stranger.pk}

    assert strange_program.ask("get", "/controls/OWN-01.1").status_code == 404
    assert strange_program.ask(
        "put", "/controls/OWN-01.1", {"seen": 1, "content": {}}
    ).status_code in (404, 422)
    assert said(caller.ask("post", "/controls", body))["problems"][0]["where"] == "owner"


def test_what_the_text_leaves_open_is_managements_own(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    """A token without the gap analysis is not told, and cannot select by it."""
    manager = program()
    vague = adopt(manager)["content"] | {"text": "Changes are reviewed periodically."}
    manager.ask("put", "/controls/CHG-01", {"seen": 1, "content": vague})
    auditor = program(Role.AUDITOR, granted(Role.AUDITOR) & granted(Role.READ_ONLY))

    assert manager.get("/controls/CHG-01")["open"]
    told = auditor.get("/controls/CHG-01")
    assert (told["open"], told["findings"]) == ([], None)
    assert auditor.get("/controls?problems=yes")["total"] == auditor.get("/controls")["total"]


def test_the_criteria_and_the_matrix_show_the_holes(program: Callable[..., Program]) -> None:
    """A hole is closed by the control that serves it."""
    caller = program()
    assert "CC8.1" in caller.get("/matrix")["holes"]

    adopt(caller)

    matrix = caller.get("/matrix")
    assert "CC8.1" not in matrix["holes"]
    assert {"criterion": "CC8.1", "is_hole": False, "controls": ["CHG-01"]} in matrix["rows"]
    assert [each["id"] for each in caller.get("/criteria")] == list(CRITERION_IDS)
    one = caller.get("/criteria/CC8.1")
    assert one["controls"] == ["CHG-01"]
    assert {each["strength"] for each in one["satisfies"]} <= {"full", "partial", "related"}
    assert caller.ask("get", "/criteria/CC9.9").status_code == 404
