"""Several controls at once: chosen, looked at, confirmed, each with an entry of its own."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.models import Change
from reperform.program.models import AdoptedControl
from web.test_controls import HOME, OWN, adopt, sent

BULK = f"{HOME}bulk/"


def send(client: Client, act: str, rows: list[str], **more: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(BULK, {"act": act, "row": rows, **more})


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def test_nothing_changes_before_it_was_looked_at(manager: Client) -> None:
    """The first page asks; the second shows before and after; only then there is the button."""
    adopt(manager)

    first = send(manager, "frequency", ["CHG-01:1"])
    looked = send(manager, "frequency", ["CHG-01:1"], frequency="monthly", look="1")

    assert 'name="do"' not in said(first)
    assert "<td>per event</td><td><strong>monthly</strong></td>" in said(looked)
    assert "Set the frequency: 1 control</button>" in said(looked)
    assert AdoptedControl.objects.get().frequency == "per event"


def test_several_get_an_owner_and_each_an_entry(
    manager: Client, member: Callable[[Role], User], larkspur: Organization
) -> None:
    """One transaction; the history of every control shows it."""
    for code in ("CHG-01", "CHG-02", "AC-01"):
        adopt(manager, code)
    owner = Membership.objects.get(user=member(Role.CONTROL_OWNER))

    answer = send(
        manager, "owner", ["CHG-01:1", "CHG-02:1", "AC-01:1"], owner=str(owner.pk), do="1"
    )

    assert answer.status_code == 302
    assert set(AdoptedControl.objects.values_list("owner", flat=True)) == {owner.pk}
    changed = Change.objects.filter(log=larkspur.log, act="control.changed")
    assert {each.subject for each in changed} == {
        "control CHG-01",
        "control CHG-02",
        "control AC-01",
    }


def test_all_that_the_scope_needs_are_adopted_at_once(manager: Client) -> None:
    """The library's controls for security, without marking each."""
    form = {"act": "adopt", "all": "1", "query": "state=proposed&needed=yes"}
    asked = said(manager.post(BULK, form))
    rows = [line.split('"')[0] for line in asked.split('name="row" value="')[1:]]

    answer = send(manager, "adopt", rows, do="1")

    assert answer.status_code == 302
    assert AdoptedControl.objects.count() == len(rows) > 50
    criteria = AdoptedControl.objects.values_list("criteria", flat=True)
    assert all(any(name.startswith("CC") for name in names) for names in criteria)
    assert "Look at all and adopt them" not in said(manager.get(HOME))


def test_a_control_that_somebody_changed_is_left_and_the_others_are_not(manager: Client) -> None:
    """It is named with who changed it, and can be looked at again with what it says now."""
    for code in ("CHG-01", "CHG-02"):
        adopt(manager, code)
    manager.post(f"{HOME}CHG-01/edit/", sent(title="Ada's title", seen="1"))

    answer = send(manager, "frequency", ["CHG-01:1", "CHG-02:1"], frequency="daily", do="1")

    text = said(answer)
    assert answer.status_code == 409
    assert "1 control was left as it is" in text
    assert "CHG-01 was not changed: it is at version 2" in text
    assert 'name="row" value="CHG-01:2"' in text
    frequencies = dict(AdoptedControl.objects.values_list("code", "frequency"))
    assert frequencies == {"CHG-01": "per event", "CHG-02": "daily"}
    again = send(manager, "frequency", ["CHG-01:2"], frequency="daily", do="1")
    assert again.status_code == 302


def test_retiring_several_takes_a_day_and_a_reason(manager: Client) -> None:
    control = adopt(manager)
    rows = ["CHG-01:1"]

    without = send(manager, "retire", rows, on=str(control.adopted_on), reason=" ", do="1")
    early = send(manager, "retire", rows, on="2001-01-01", reason="Gone.", do="1")
    done = send(manager, "retire", rows, on=str(control.adopted_on), reason="Gone.", do="1")

    assert (without.status_code, early.status_code, done.status_code) == (422, 409, 302)
    assert "reason: is empty" in said(without)
    assert "is before" in said(early)
    assert AdoptedControl.objects.get().retired_because == "Gone."


def test_implementation_is_set_and_taken_back(manager: Client) -> None:
    adopt(manager)

    send(manager, "implemented", ["CHG-01:1"], implemented_on="2026-02-01", do="1")
    assert str(AdoptedControl.objects.get().implemented_on) == "2026-02-01"
    send(manager, "implemented", ["CHG-01:2"], implemented_on="", do="1")
    assert AdoptedControl.objects.get().implemented_on is None
    future = send(manager, "implemented", ["CHG-01:3"], implemented_on="2999-01-01", do="1")
    assert future.status_code == 422


@pytest.mark.parametrize(
    ("act", "rows", "says"),
    [
        ("", ["CHG-01:1"], "is not chosen"),
        ("drop", ["CHG-01:1"], "is not chosen"),
        ("owner", [], "no control is chosen"),
        ("owner", ["CHG-01", "x:y", ":1", "CHG-01:²"], "no control is chosen"),
        ("owner", [f"A-{n}:1" for n in range(501)], "501 controls are chosen"),
    ],
)
def test_what_makes_no_sense_is_said(manager: Client, act: str, rows: list[str], says: str) -> None:
    answer = send(manager, act, rows, do="1")

    assert answer.status_code == 422
    assert says in said(answer)


def test_rows_that_do_not_fit_are_named_and_stay(manager: Client) -> None:
    """A proposed one gets no owner, an adopted one is not adopted again, none is invented."""
    adopt(manager)

    looked = said(send(manager, "owner", ["CHG-02:0", "NO-99:1", "CHG-01:1"], look="1"))
    done = send(manager, "adopt", ["CHG-01:0", "NO-99:0"], do="1")

    assert "it is proposed" in looked
    assert "there is no such" in looked
    assert "it says so already" in looked
    assert done.status_code == 409
    assert "CHG-01 was not adopted: it is adopted already" in said(done)
    assert "'NO-99' was not changed: there is no such control" in said(done)
    assert AdoptedControl.objects.count() == 1


def test_another_organizations_controls_and_members_are_not_there(
    manager: Client, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """By code or by number: nothing of theirs changes."""
    manager.post(f"{HOME}new/", OWN)
    other, theirs = signed_in(stranger), "/o/other/controls/bulk/"
    own = Membership.objects.get(user=stranger)

    answer = other.post(
        theirs, {"act": "frequency", "row": "PAY-01:1", "frequency": "daily", "do": "1"}
    )
    owner = send(manager, "owner", ["PAY-01:1"], owner=str(own.pk), do="1")

    assert "there is no such control" in said(answer)
    assert owner.status_code == 422
    control = AdoptedControl.objects.get()
    assert (control.frequency, control.owner) == ("per event", None)
