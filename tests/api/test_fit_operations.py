"""Confirmations over the API: as the page has them."""

import json
from collections.abc import Callable
from typing import Any

from api.conftest import Program
from api.test_control_operations import adopt
from reperform.testing.installed import installed_tests, library_test

PERIODIC = [
    test
    for tests in installed_tests().values()
    for each in tests.automatic
    if (test := library_test(each.id))
]


def said(answer: Any) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer.content)


def test_a_test_is_confirmed_outdated_and_withdrawn(program: Callable[..., Program]) -> None:
    """Each answer has every test of the control with its state."""
    caller = program()
    content = adopt(caller)["content"]
    first = caller.get("/controls/CHG-01/fits")[0]
    assert first["state"] == "needless"
    url = "/controls/CHG-01"
    caller.ask("put", url, {"seen": 1, "content": content | {"text": "Ada reviews each change."}})
    body = {
        "test": first["test"],
        "test_sha256": first["test_sha256"],
        "seen": 2,
        "reason": "The same reviews.",
    }

    stale = caller.ask("post", f"{url}/fits", body | {"seen": 1})
    foreign = caller.ask("post", f"{url}/fits", body | {"test": "AC-01.T1"})
    unknown = caller.ask("post", f"{url}/fits", body | {"test": "NO-01.T1"})
    done = caller.ask("post", f"{url}/fits", body)

    assert (stale.status_code, foreign.status_code, unknown.status_code) == (409, 422, 422)
    assert done.status_code == 201
    row = said(done)[0]
    assert (row["state"], row["reason"]) == ("confirmed", "The same reviews.")
    caller.ask("put", url, {"seen": 2, "content": content | {"text": "Ada reviews some."}})
    assert caller.get("/controls/CHG-01/fits")[0]["changed"] == "the wording"
    gone = caller.ask("post", f"{url}/fits/{first['test']}/withdrawal", {"reason": "Wrong."})
    assert said(gone)[0]["state"] == "open"
    again = caller.ask("post", f"{url}/fits/{first['test']}/withdrawal", {"reason": "Wrong."})
    assert (again.status_code, said(again)["slug"]) == (422, "fit-refused")


def test_another_organizations_control_is_not_found(program: Callable[..., Program]) -> None:
    """Nor one that nobody adopted."""
    caller = program()

    assert caller.ask("get", "/controls/CHG-01/fits").status_code == 404
    body = {"test": "CHG-01.T1", "test_sha256": "", "seen": 1, "reason": "x"}
    assert caller.ask("post", "/controls/CHG-01/fits", body).status_code == 404


def test_a_test_of_another_rhythm_cannot_be_confirmed(program: Callable[..., Program]) -> None:
    """It would count other occurrences than the control has."""
    caller = program()
    periodic = next(each for each in PERIODIC if each.frequency)
    content = adopt(caller, periodic.control)["content"]
    other = "annual" if periodic.frequency != "annual" else "monthly"
    url = f"/controls/{periodic.control}"
    caller.ask("put", url, {"seen": 1, "content": content | {"frequency": other}})
    body = {
        "test": periodic.id,
        "test_sha256": periodic.sha256,
        "seen": 2,
        "reason": "The same.",
    }

    refused = caller.ask("post", f"{url}/fits", body)

    assert refused.status_code == 422
    assert f"{periodic.frequency} operation, and the control is {other}" in said(refused)["what"]
