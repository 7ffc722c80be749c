"""A list of people from another system: a dry run, all of it or nothing, and nobody vanishes."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization
from reperform.ledger.models import Change
from reperform.program.actions.checklists import write_checklist
from reperform.program.actions.people import enter_joiner
from reperform.program.checklists.files import checklist_library
from reperform.program.models import Person, StartedChecklist
from reperform.program.people import JoinerFields, PersonFields, PostingFields
from reperform.program.queries.people import held, people_on

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TODAY = datetime.now(UTC).date()
URL = "/o/larkspur/people/import/"
OLD = b"""\
staff_no;first name;last name;mail;hired;job;reports to
7;Ada;King;aking;17-06-2013;Engineer;9
9;Ben;Yang;byang;21-09-2015;Chief;
"""
"""A worker who came before the manager, addresses without their domain, days that are not ISO."""
COLUMNS = {
    "id": "0",
    "first_name": "1",
    "last_name": "2",
    "email": "3",
    "started_on": "4",
    "position": "5",
    "manager": "6",
    "order": "day first",
    "domain": "larkspur.example",
}


def join(place: Organization, name: str, start: date = date(2025, 1, 6), **more: Any) -> Person:  # noqa: ANN401 - fields of a posting
    fields = JoinerFields(
        PersonFields(name, f"{name.split(maxsplit=1)[0].lower()}@larkspur.example", start),
        PostingFields(start, **more),
    )
    return enter_joiner(organization=place, fields=fields, by="test", at=AT)


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def dry_run(client: Client, content: bytes, chosen: dict[str, str] | None = None) -> str:
    file = SimpleUploadedFile("staff.csv", content)
    assert client.post(URL, {"file": file}).status_code == 302
    return said(client.get(f"{URL}check/", chosen or {}))


def bring(client: Client, content: bytes, chosen: dict[str, str] | None = None) -> str:
    page = dry_run(client, content, chosen)
    found = re.search(r'name="expected" value="(\w+)"', page)
    assert found, page
    answer = client.post(f"{URL}check/", {**(chosen or {}), "expected": found[1]}, follow=True)
    return said(answer)


def as_today(place: Organization) -> dict[str, tuple[str, str, str]]:
    found = held(people_on(place, TODAY), TODAY)
    return {e.person.name: (e.person.email, e.position, e.manager_name) for e in found}


def test_a_list_of_another_system_is_read_as_its_columns_are_chosen(
    manager: Client, larkspur: Organization
) -> None:
    page = bring(manager, OLD, COLUMNS)

    assert "2 people entered, 0 changed." in page
    assert as_today(larkspur) == {
        "Ada King": ("aking@larkspur.example", "Engineer", "Ben Yang"),
        "Ben Yang": ("byang@larkspur.example", "Chief", ""),
    }
    acts = list(
        Change.objects.filter(log=larkspur.log).order_by("pk").values_list("act", flat=True)
    )
    assert acts[-3:] == ["person.joined", "person.joined", "people.imported"]


def test_the_same_list_again_does_nothing(manager: Client, larkspur: Organization) -> None:
    bring(manager, OLD, COLUMNS)
    before = Change.objects.filter(log=larkspur.log).count()

    page = dry_run(manager, OLD, COLUMNS)
    assert "2 rows: 0 to enter, 0 to change." in page
    assert page.count("Nothing: it is so already.") == 2

    bring(manager, OLD, COLUMNS)
    assert Change.objects.filter(log=larkspur.log).count() == before


def test_days_and_addresses_are_never_guessed(manager: Client, larkspur: Organization) -> None:
    page = dry_run(manager, OLD, {**COLUMNS, "order": "", "domain": ""})

    assert "row 2: First day: is not a day" in page
    assert "row 2: E-mail address: is not an address" in page
    assert manager.post(f"{URL}check/", {**COLUMNS, "expected": "x"}).status_code == 422
    assert not Person.objects.filter(organization=larkspur).exists()


def test_who_is_not_in_the_list_is_shown_and_stays(manager: Client, larkspur: Organization) -> None:
    join(larkspur, "Zoe Lund")

    page = dry_run(manager, OLD, COLUMNS)
    assert "1 person is at work in the register and not in the list." in page
    assert "Zoe Lund (person 1)" in page

    bring(manager, OLD, COLUMNS)
    assert Person.objects.get(name="Zoe Lund").ended_on is None


def test_what_changed_is_a_correction_a_move_or_a_departure(
    manager: Client, larkspur: Organization
) -> None:
    for name in ("mover-employee", "leaver-employee"):
        text = checklist_library()[name]
        write_checklist(organization=larkspur, checklist=text, seen=0, by="test", at=AT)
    ada = join(larkspur, "Ada King", position="Engineer")
    ben = join(larkspur, "Ben Yang", position="Chief", department="Board")
    last = TODAY + timedelta(days=10)

    page = bring(
        manager,
        f"Name,E-mail,Job title,Last day\n"
        f"Ada Queen,ada@larkspur.example,Lead,\n"
        f"Ben Yang,ben@larkspur.example,Chief,{last}\n".encode(),
    )

    assert "0 people entered, 2 changed." in page
    ada.refresh_from_db()
    ben.refresh_from_db()
    assert (ada.name, ada.ended_on, ben.ended_on) == ("Ada Queen", None, last)
    assert [(p.position, p.from_day) for p in ada.postings.order_by("from_day")] == [
        ("Engineer", date(2025, 1, 6)),
        ("Lead", TODAY),
    ]
    assert ben.postings.count() == 1, "a column that is not there changes nothing"
    begun = StartedChecklist.objects.order_by("event").values_list("person__number", "event")
    assert list(begun) == [(2, "leaver"), (1, "mover")]


def test_only_a_recent_joiner_begins_a_checklist(manager: Client, larkspur: Organization) -> None:
    text = checklist_library()["joiner-employee"]
    write_checklist(organization=larkspur, checklist=text, seen=0, by="test", at=AT)

    page = dry_run(manager, f"Name,Start\nOld,2020-01-06\nNew,{TODAY}\n".encode())
    assert "Enters them from 2020-01-06 on: no checklist begins." in page
    bring(manager, f"Name,Start\nOld,2020-01-06\nNew,{TODAY}\n".encode())

    assert [each.person.name for each in StartedChecklist.objects.all()] == ["New"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("A,a@x.example,2026-01-05,\nB,a@x.example,2026-01-05,\n", "row 3: E-mail address"),
        (
            "A,a@x.example,2026-01-05,B\nB,b@x.example,2026-01-05,A\n",
            "row 2: Manager: is in a circ",
        ),
        ("A,a@x.example,2026-01-05,Nobody\n", "row 2: Manager: nobody in the list"),
        ("A,a@x.example,2026-01-05,C\nC,,2026-01-05,\nC,,2026-01-05,\n", "may be several people"),
        (",a@x.example,2026-01-05,\n", "row 2: Name: is empty"),
        ("A,a@x.example,,\n", "row 2: First day: is empty"),
        ("A,a@x.example,2026-13-05,\n", "row 2: First day: is not a day"),
        ("A,a@x.example,2026-01-05,,more\n", "row 2: has more cells than the header"),
    ],
)
def test_a_problem_names_row_and_field_and_nothing_is_imported(
    manager: Client, larkspur: Organization, rows: str, wrong: str
) -> None:
    page = dry_run(manager, f"Name,E-mail,Start,Manager\n{rows}".encode())

    assert wrong in page
    assert "nothing can be imported" in page
    assert not Person.objects.filter(organization=larkspur).exists()


def test_a_list_without_names_says_so(manager: Client) -> None:
    assert "no column is for Name" in dry_run(manager, b"E-mail,Start\na@x.example,2026-01-05\n")


def test_an_import_does_what_its_dry_run_showed_or_nothing(
    manager: Client, larkspur: Organization
) -> None:
    found = re.search(r'name="expected" value="(\w+)"', dry_run(manager, OLD, COLUMNS))
    assert found
    join(larkspur, "Aking")

    answer = manager.post(f"{URL}check/", {**COLUMNS, "expected": found[1]})

    assert answer.status_code == 422
    assert "import-changed" in said(answer)
    assert Person.objects.filter(organization=larkspur).count() == 1


def test_who_left_and_comes_back_is_a_new_person(manager: Client, larkspur: Organization) -> None:
    gone = join(larkspur, "Ada King", date(2020, 1, 6))
    Person.objects.filter(pk=gone.pk).update(ended_on=date(2022, 3, 31))

    bring(manager, b"Name,E-mail,Start\nAda King,ada@larkspur.example,2024-05-06\n")

    rows = Person.objects.filter(organization=larkspur).order_by("number")
    assert [(each.number, each.ended_on) for each in rows] == [(1, date(2022, 3, 31)), (2, None)]
