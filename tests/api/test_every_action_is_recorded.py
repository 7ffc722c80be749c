"""Every action leaves its entry in the trail, with who, when, before and after; or says why not."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import reperform
from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.actions.organizations import found_organization, found_with_administrator
from reperform.accounts.models import Organization
from reperform.base.refusal import RefusalError
from reperform.ledger.models import Change
from reperform.ledger.queries import ChangeView, changes, shown

TABLES = [
    importlib.import_module(f"api.{each.stem}")
    for each in sorted(Path(__file__).parent.glob("acts_*.py"))
]
"""A table for each part: its CASES, and its NO_ACTS where it has any."""
CASES: dict[str, Case] = {name: case for table in TABLES for name, case in table.CASES.items()}
FOUNDING = {
    "accounts.actions.organizations.found_organization": ("organization.founded",),
    "accounts.actions.organizations.found_with_administrator": (
        "organization.founded",
        "member.invited",
    ),
}
"""Acts that make the log that they are recorded in: what they leave."""
NO_ACTS: dict[str, str] = {
    **{name: why for table in TABLES for name, why in getattr(table, "NO_ACTS", {}).items()},
    "accounts.actions.admission.refuse_link": "refuses, or does nothing",
    "accounts.actions.members.open_invitation": "a look",
    "accounts.actions.members.put_member": "a part of an action, which records what this returns",
    "accounts.actions.organizations.settings_of": "a look",
    "accounts.actions.tokens.token_of": "a use of a token: noted at the token, not in the program",
    "ledger.actions.check_log": "a look at the trail; kept apart from it, with who and when",
    "ledger.actions.kept_checkpoint": "a look",
    "ledger.actions.origin": "a name",
    "ledger.actions.record": "the entry itself",
    "ledger.actions.sign_checkpoint": "a signature over the entries that there are",
    "program.actions.control_keeping.facts_of": "a look",
    "program.actions.control_keeping.found_control": "a look",
    "program.actions.control_keeping.record_control": "the entry itself",
    "program.actions.control_keeping.refuse_stranger": "refuses, or does nothing",
    "program.actions.control_keeping.refuse_taken": "refuses, or does nothing",
    "program.actions.control_keeping.save_changed": "a part of an action; it records",
    "program.actions.control_keeping.write_document": "a part of an action; nothing is saved yet",
    "program.actions.files.describe_file": "a value",
    "program.actions.files.keep_file": "a part of an action, which records its digests",
    "program.actions.importing.refuse_unseen": "refuses, or does nothing",
    "program.actions.rows.difference": "a value",
    "program.actions.rows.lock": "a lock",
    "program.actions.rows.next_number": "a look",
    "program.actions.rows.refuse_stale": "refuses, or does nothing",
    "program.actions.task_rows.add_task": "a part of an action, which records what it adds",
    "accounts.actions.group_roles.follow_groups": "a part of actions, which record whom it changed",
    "accounts.actions.group_roles.strongest": "a value",
    "program.actions.task_rows.problem": "a value",
    "program.actions.uploads.forget_upload": "a part of an action, which records the import",
    "program.actions.task_rows.write_task": "a part of an action, which records what it writes",
}
"""Public functions of the actions modules that are no act of their own, each with the reason."""


def actions() -> Iterator[str]:
    """Yield every public function of every actions module."""
    for each in pkgutil.walk_packages(reperform.__path__, "reperform."):
        if ".actions" not in each.name:
            continue
        module = importlib.import_module(each.name)
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__.removeprefix('reperform.')}.{name}"


def test_every_action_has_a_case() -> None:
    """A new one needs a line in a table; nothing is named that is not there."""
    with_case = {name.partition(",")[0] for name in CASES} | set(FOUNDING)

    assert with_case | set(NO_ACTS) == set(actions())
    assert not with_case & set(NO_ACTS)
    assert len(with_case) > 30


@pytest.fixture
def place(larkspur: Organization, tmp_path: Path) -> Place:
    return Place(larkspur, tmp_path)


def entries(place: Place, count: int) -> list[ChangeView]:
    """Return the entries behind the first `count`, in order."""
    return [shown(each) for each in changes(place.organization.log).order_by("leaf")[count:]]


@pytest.mark.parametrize("name", CASES)
def test_an_act_leaves_what_was_done(name: str, place: Place) -> None:
    case = CASES[name]
    act = case.prepare(place)
    count, everywhere = changes(place.organization.log).count(), Change.objects.count()

    act()

    left = entries(place, count)
    assert tuple(each.act for each in left) == case.acts
    assert Change.objects.count() == everywhere + len(case.acts)
    for entry in left:
        assert (entry.by, entry.at) == (case.by, AT)
        assert entry.rows, "nothing differs"
    for entry in left[:1]:
        assert case.before.items() <= entry.before.items()
        assert case.after.items() <= entry.after.items()


@pytest.mark.parametrize("name", CASES)
def test_the_same_once_more_leaves_nothing(name: str, place: Place) -> None:
    """Done, or refused: either way nothing changed, and nothing says that it did."""
    case = CASES[name]
    act = case.prepare(place)
    act()
    count = Change.objects.count()

    try:
        act()
    except RefusalError:
        assert case.again == 0

    assert (Change.objects.count() == count) == (case.again == 0), case.again


@pytest.mark.django_db
@pytest.mark.parametrize("name", FOUNDING)
def test_founding_begins_the_log(name: str) -> None:
    if name.endswith("administrator"):
        made, _ = found_with_administrator(
            name="Meadow", administrator="ada@meadow.example", by=BY, at=AT
        )
    else:
        made = found_organization(name="Meadow", by=BY, at=AT)

    left = [shown(each) for each in changes(made.log).order_by("leaf")]

    assert tuple(each.act for each in left) == FOUNDING[name]
    assert {(each.by, each.at) for each in left} == {(BY, AT)}
    assert left[0].after["name"] == "Meadow"
    assert EARLIER < AT
