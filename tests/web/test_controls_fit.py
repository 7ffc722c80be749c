"""Somebody confirms that a test of the library fits a tailored control: the page, and who may."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import User
from reperform.accounts.permissions import Role
from reperform.program.models import TestFit
from reperform.testing.installed import library_test
from web.test_controls import HOME, adopt, recorded, sent, stated, text

FIT = f"{HOME}CHG-01/fits/CHG-01.T1/"
OURS = "Before a change is released, two other engineers review it and approve it in the record."


def digest() -> str:
    test = library_test("CHG-01.T1")
    assert test
    return test.sha256


def tailor(client: Client, wording: str = OURS, seen: int = 1, **more: Any) -> None:  # noqa: ANN401 - any field
    answer = client.post(f"{HOME}CHG-01/edit/", sent(text=wording, seen=str(seen), **more))
    assert answer.status_code == 302, unescape(answer.content.decode())


def confirm(client: Client, seen: int = 2, **more: str) -> Any:  # noqa: ANN401 - a response of the test client
    said = {"seen": str(seen), "test_sha256": digest(), "reason": "It reads the same reviews."}
    return client.post(FIT, said | more)


def test_a_test_is_confirmed_for_this_text_and_recorded(manager: Client) -> None:
    """Page, trail, statement and control say who confirmed what, and why."""
    adopt(manager)
    tailor(manager)
    assert "Nobody has confirmed that it fits" in text(manager, FIT)

    assert confirm(manager).status_code == 302

    entry = recorded("fit.confirmed")
    assert entry["subject"] == "control CHG-01"
    assert entry["by"] == "compliance_manager@larkspur.example"
    assert (entry["after"]["test_sha256"], entry["after"]["control_version"]) == (digest(), 2)
    assert "that it fits: It reads the same reviews." in text(manager, f"{HOME}CHG-01/")
    fit = stated(manager).adopted["CHG-01"].fits["CHG-01.T1"]
    assert (fit.reason, fit.test_sha256) == ("It reads the same reviews.", digest())
    assert "confirmed it already" in unescape(confirm(manager).content.decode())


def test_a_change_of_the_wording_makes_it_outdated_and_the_owner_does_not(manager: Client) -> None:
    """The page says so; it is confirmed anew, and the earlier one stays to be read."""
    adopt(manager)
    tailor(manager)
    confirm(manager)
    tailor(manager, seen=2, title="Reviews")
    assert "Outdated" not in text(manager, FIT)

    tailor(manager, OURS + " Within a day.", seen=3)

    assert "Outdated: the wording changed since." in text(manager, FIT)
    assert "the wording changed since" in text(manager, f"{HOME}CHG-01/")
    assert confirm(manager, seen=4).status_code == 302
    assert "Confirmed anew." in text(manager, FIT)
    assert TestFit.objects.filter(withdrawn_at=None).count() == 1


def test_a_confirmation_is_withdrawn_for_a_reason(manager: Client) -> None:
    adopt(manager)
    tailor(manager)
    confirm(manager)

    empty = manager.post(FIT, {"withdraw": "yes", "reason": ""})
    done = manager.post(FIT, {"withdraw": "yes", "reason": "It sees one reviewer only."})
    again = manager.post(FIT, {"withdraw": "yes", "reason": "Again."})

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert recorded("fit.withdrawn")["after"]["withdrawn_because"] == "It sees one reviewer only."
    assert "It sees one reviewer only." in text(manager, FIT)
    assert stated(manager).adopted["CHG-01"].fits == {}


def test_what_was_not_compared_is_not_confirmed(manager: Client) -> None:
    """Another version, another test, no reason, or nothing to confirm: nothing is kept."""
    adopt(manager)
    same = confirm(manager, seen=1)
    tailor(manager)
    stale, other = confirm(manager, seen=1), confirm(manager, test_sha256="0" * 64)
    empty = confirm(manager, reason=" ")

    assert (same.status_code, stale.status_code) == (422, 409)
    assert (other.status_code, empty.status_code) == (422, 422)
    assert "for which its tests are written" in unescape(same.content.decode())
    assert "the test is another one by now" in unescape(other.content.decode())
    assert not TestFit.objects.exists()
    assert manager.get(f"{HOME}CHG-01/fits/CHG-99.T9/").status_code == 404
    assert manager.get(f"{HOME}AC-01/fits/AC-01.T1/").status_code == 404


@pytest.mark.parametrize("role", [Role.CONTROL_OWNER, Role.READ_ONLY, Role.AUDITOR])
def test_who_owns_or_reads_a_control_sees_it_and_does_not_confirm(
    role: Role,
    manager: Client,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """An owner's own control would count by it; an auditor judges alone."""
    adopt(manager)
    tailor(manager)
    client = signed_in(member(role))

    assert "Confirm that it fits" not in text(client, FIT)
    assert confirm(client).status_code == 403
    assert not TestFit.objects.exists()
