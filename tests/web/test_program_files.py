"""The program as files: taken out, planned, applied, and taken out again the same."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.installed import catalog
from reperform.cli.example import people, year
from reperform.cli.example.folder import example_folder
from reperform.ledger.queries import changes
from reperform.program.actions.code.apply import apply_program, export_program, plan_program
from reperform.program.actions.scope import change_scope
from reperform.program.checklists import NAMES
from reperform.program.code.plan import Plan
from reperform.program.code.refusals import (
    ProgramMovedError,
    ProgramNewerError,
    ProgramRefusedError,
)
from reperform.program.code.write import LOCK
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.program.queries import current_scope
from reperform.program.scope.document import ScopeDocument

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
BY = "ada@larkspur.example"
NAUGHTY = Path(__file__).parents[3] / "shared/data/webinput/blns/blns.json"
Files = dict[str, bytes]
CONTROL = """\
---
title: Review of access
criteria: [CC6.1, CC6.2]
points_of_focus: [CC6.1-a]
nature: detective
kind: manual
frequency: quarterly
owner_role: Head of engineering
owner: ada@larkspur.example
implemented_on: 2026-07-01
evidence: [tickets]
---

Ada reviews who has access, each quarter.
"""
TASKS = """\
- number: 1
  title: Review access
  control: OWN-01
  owner: ada@larkspur.example
  due_on: 2026-09-30
  depends_on: [2]

- number: 2
  title: List the accounts
  risk: high
  state: done
  closed_on: 2026-07-30
  reason: Listed.
"""


@pytest.fixture
def ada(larkspur: Organization) -> Membership:
    return joined(larkspur, BY)


def joined(organization: Organization, email: str) -> Membership:
    user, _ = User.objects.get_or_create(email=email, defaults={"date_joined": AT})
    return Membership.objects.create(
        user=user, organization=organization, role=Role.COMPLIANCE_MANAGER.value, since=AT
    )


def plan(organization: Organization, files: Files, *over: str) -> Plan:
    return plan_program(
        organization=organization, files=files, catalog=catalog(), over=over, by=BY, at=AT
    )


def apply(organization: Organization, files: Files, *over: str, at: datetime = AT) -> Plan:
    applied = apply_program(
        organization=organization, files=files, catalog=catalog(), over=over, by=BY, at=at
    )
    whole = export_program(organization)[LOCK]
    assert applied.lock == whole or applied.plan.absent
    return applied.plan


def written() -> Files:
    """Return a small program as a person would write it, without a lock."""
    return {
        "scope.yaml": b"system: Invoicing\ncategories: [security]\ntype: 1\nlast: 2026-12-31\n",
        "description/dc3.data.md": b"---\n---\n\nInvoices.\n\n- and receipts\n",
        "controls/OWN-01.md": CONTROL.encode(),
        "tasks.yaml": TASKS.encode(),
    }


def problems(found: Plan) -> str:
    return "\n".join(map(str, found.problems))


def test_files_become_a_program_and_come_back_the_same(
    larkspur: Organization, ada: Membership
) -> None:
    """The second time nothing changes, and the trail says nothing."""
    before = changes(larkspur.log).count()
    planned = plan(larkspur, written())
    assert [change.item.name for change in planned.changes] == [
        *("scope", "description/dc3.data", "controls/OWN-01", "tasks/2", "tasks/1")
    ]
    assert not planned.is_refused, problems(planned)
    assert changes(larkspur.log).count() == before
    assert not AdoptedControl.objects.exists()

    apply(larkspur, written())

    left = [each.act for each in changes(larkspur.log).order_by("leaf")[before:]]
    assert left == [
        *("scope.decided", "description.written", "control.adopted", "task.made", "task.made")
    ]
    assert {each.by for each in changes(larkspur.log)[before:]} <= {BY, "test"}
    assert AdoptedControl.objects.get().owner == ada
    assert RemediationTask.objects.get(number=1).depends_on.get().number == 2
    assert not apply(larkspur, written()).changes
    exported = export_program(larkspur)
    assert not apply(larkspur, exported).changes
    assert export_program(larkspur) == exported
    assert changes(larkspur.log).count() == before + 5
    assert exported["description/dc3.data.md"].endswith(b"---\n\nInvoices.\n\n- and receipts\n")


@pytest.mark.usefixtures("ada")
def test_a_control_of_the_library_is_adopted_tailored_and_retired(larkspur: Organization) -> None:
    origin = catalog().controls[0]
    apply(larkspur, {f"controls/{origin.id}.md": adopted(origin)})
    files = export_program(larkspur)
    path = f"controls/{origin.id}.md"
    assert not AdoptedControl.objects.get().is_tailored

    files[path] += b"\nAnd it is looked at again.\n"
    apply(larkspur, files)
    assert AdoptedControl.objects.get().is_tailored
    files = export_program(larkspur)
    retired = b'retired: {on: 2026-08-01, because: "no more"}\n---\n\n'
    files[path] = files[path].replace(b"---\n\n", retired, 1)
    apply(larkspur, files)

    assert AdoptedControl.objects.get().retired_because == "no more"
    again = export_program(larkspur)
    assert not plan(larkspur, again).changes
    again[path] = again[path].replace(b"no more", b"never was")
    assert "it is retired, so nothing about it changes" in problems(plan(larkspur, again))


def adopted(origin: Any) -> bytes:  # noqa: ANN401 - a control of the library
    lists = "".join(
        f"{name}: {json.dumps(list(getattr(origin, name)))}\n"
        for name in ("criteria", "points_of_focus", "evidence", "policies")
    )
    paragraphs = "\n\n".join(" ".join(part.split()) for part in origin.text.split("\n\n"))
    return (
        f"---\nlibrary: {origin.id}\ntitle: {json.dumps(origin.title)}\nnature: {origin.nature}\n"
        f"kind: {origin.kind}\nfrequency: {origin.frequency}\nowner_role: {origin.owner}\n"
        f"{lists}population: {json.dumps(' '.join(origin.population.split()))}\n"
        f"---\n\n{paragraphs}\n"
    ).encode()


REGISTERS = {
    "controls/OWN-01.md": CONTROL.encode(),
    "policies/access.md": b"""\
---
title: Access
owner: ada@larkspur.example
review_months: 6
accept_days: 14
departments: [Engineering]
values:
  company: Larkspur
placeholders:
  company: {means: The name.}
---

Everybody at {{ company }} asks first, by {{ somebody }}.
""",
    "policies/old.md": b"""\
---
title: Old
review_months: 12
retired: {on: 2026-07-01, because: Merged.}
---

Nothing.
""",
    "assets.yaml": b"""\
- number: 1
  name: Invoicing database
  kind: data store
  owner: ada@larkspur.example
  has_accounts: true
  review_months: 3
- number: 7
  name: Old file server
  kind: other
  internet_facing: false
  since: 2024-01-01
  retired: {on: 2026-07-01, reason: replaced, disposal: destroyed}
""",
    "flows.yaml": b"""\
- number: 1
  source: 1
  target_party: Customers
  data: Invoices
  encrypted: true
- number: 2
  source: 1
  target: 7
  data: Copies
  ended: {on: 2026-07-01, because: replaced}
""",
    "risks.yaml": b"""\
- number: 3
  title: Backups cannot be read
  category: security
  owner: ada@larkspur.example
  treatment: accept
  treatment_reason: Restored each quarter.
  accepted_by: ada@larkspur.example
  accepted_until: 2026-12-31
  controls: [OWN-01]
  criteria: [CC6.1]
  frequency_low: 1
  frequency_high: 20
- number: 4
  title: Office floods
  state: closed
  closed_on: 2026-07-02
  closed_because: We moved.
""",
    "notification-terms.yaml": b"""\
- number: 1
  title: Enterprise customers
  source: Enterprise agreement, section 9.2
  hours: 48
- number: 4
  title: Individuals (HIPAA)
  duty: hipaa-404
  concerns: false
  reason: We hold no health data.
""",
    "checklists.yaml": b"""\
- name: joiner-contractor
  title: A contractor begins
  items:
  - what: Sign the agreement
    does: the person
    days: -3
    is_working_days: true
    proof: The signed agreement
  - {what: "Give accounts: only those asked for", does: Head of engineering, days: 0}
- name: leaver-employee
  title: An employee leaves
  items:
  - {what: Disable accounts, does: their manager, days: 0, controls: [ACC-05], removes_access: true}
""",
    "courses.yaml": b"""\
- number: 2
  course: Security awareness
  since: 2026-01-01
  within_days: 14
  every_months: 12
- number: 5
  course: Secure coding
  since: 2025-01-01
  kind: employee
  department: Engineering
  within_days: 0
  retired_on: 2026-06-30
  reason: Part of onboarding now.
""",
    "calendar.yaml": b"""\
- control: OWN-01
  first_due_on: 2026-09-30
  grace_days: 5
  owner: ada@larkspur.example
""",
}


@pytest.mark.usefixtures("ada")
def test_registers_go_in_and_come_out_the_same(larkspur: Organization) -> None:
    """Also what ended: an asset is retired after the flows that name it were entered."""
    planned = plan(larkspur, REGISTERS)
    assert not planned.is_refused, problems(planned)
    apply(larkspur, REGISTERS)
    assert not plan(larkspur, REGISTERS).changes

    exported = export_program(larkspur)
    other = found_organization(name="Meadow", by="test", at=AT)
    joined(other, BY)
    apply(other, exported)

    assert export_program(other) == exported
    assert not apply(other, exported, at=AT + timedelta(days=40)).changes


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("policies/access.md", "ada@", "eve@", "line 3: owner: no member has the address"),
        ("policies/access.md", "months: 6", "months: 99", "line 4: review_months: is not a number"),
        ("policies/old.md", "on: 2026", "on: then", "line 4: retired: is not a day"),
        ("assets.yaml", "data store", "datastore", "assets.yaml: line 3: kind"),
        ("assets.yaml", "2026-07-01", "2027-07-01", "line 12: retired: on: 2027-07-01 has not"),
        ("assets.yaml", "ada@", "eve@", "line 4: owner: no member has the address"),
        ("assets.yaml", "  name: Old", "  name: Invoicing database\n  purpose: Old", "is taken by"),
        ("flows.yaml", "target: 7", "target: 8", "flows.yaml: line 8: target: there is no asset 8"),
        ("flows.yaml", "on: 2026-07-01", "on: then", "line 10: ended: on: is not a day"),
        ("risks.yaml", "OWN-01", "OWN-09", "risks.yaml: line 9: controls: OWN-09 is no adopted"),
        ("risks.yaml", "accepted_by: ada@", "accepted_by: eve@", "accepted_by: no member has"),
        ("risks.yaml", "  closed_on: 2026-07-02\n", "", "line 13: closed_on: is empty"),
        ("risks.yaml", "frequency_high: 20", "frequency_high: 0", "line 12: frequency_high"),
        (
            "notification-terms.yaml",
            "hipaa-404",
            "hipaa-999",
            "line 7: duty: there is no hipaa-999",
        ),
        ("notification-terms.yaml", "hours: 48", "hours: soon", "line 4: hours: is not a number"),
        ("notification-terms.yaml", "reason: We", "whom: We", "reason: is empty"),
        ("checklists.yaml", "joiner-c", "guest-c", "line 1: name: there is no checklist guest-c"),
        ("checklists.yaml", "days: -3", "days: soon", "line 3: items 1: days: is not a number"),
        ("checklists.yaml", "proof:", "prove:", "line 3: items 1: prove"),
        ("courses.yaml", "kind: employee", "kind: guest", "courses.yaml: line 9: kind"),
        ("courses.yaml", "department: E", "section: E", "courses.yaml: line 10: section"),
        ("courses.yaml", "  reason: Part of onboarding now.\n", "", "reason: is empty"),
        ("courses.yaml", "every_months: 12", "every_months: 999", "line 5: every_months"),
        ("calendar.yaml", "OWN-01", "OWN-02", "line 1: control: there is no control OWN-02"),
        ("calendar.yaml", "grace_days: 5", "grace_days: -1", "line 3: grace_days: is not a number"),
    ],
)
@pytest.mark.usefixtures("ada")
def test_a_problem_of_a_register_names_its_place(
    larkspur: Organization, path: str, old: str, new: str, said: str
) -> None:
    files = dict(REGISTERS)
    changed = files[path].decode().replace(old, new, 1)
    assert changed != files[path].decode()

    assert said in problems(plan(larkspur, {**files, path: changed.encode()}))


@pytest.mark.usefixtures("ada")
def test_what_an_action_does_beside_is_no_surprise(larkspur: Organization) -> None:
    """Retiring an asset ends its flows: a file that says that they go on is refused."""
    apply(larkspur, REGISTERS)
    files = export_program(larkspur)
    retired = b'  since: 2024-01-01\n  retired: {on: 2026-07-31, reason: "sold"}\n'
    files["assets.yaml"] = files["assets.yaml"].replace(b"  review_months: 3\n", retired)

    assert "flows/1 would not be as the file says" in problems(plan(larkspur, files))


def test_newer_changes_are_not_undone(larkspur: Organization, ada: Membership) -> None:
    """Bo decides on a page, Ada applies what she took out before: she is told what he wrote."""
    apply(larkspur, written())
    files = export_program(larkspur)
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(system="Invoicing and archive"),
        seen=1,
        library="0" * 64,
        by="bo@larkspur.example",
        at=AT,
    )

    planned = plan(larkspur, files)

    assert [change.item.name for change in planned.losses] == ["scope"]
    assert ("system", "Invoicing and archive", "Invoicing") in [
        (each.name, each.before, each.after) for each in planned.losses[0].fields
    ]
    assert planned.losses[0].before
    assert planned.losses[0].before.by == "bo@larkspur.example"
    with pytest.raises(ProgramNewerError, match="others changed scope"):
        apply(larkspur, files)
    assert current_scope(larkspur).document.system == "Invoicing and archive"
    apply(larkspur, files, "scope")
    assert current_scope(larkspur).document.system == "Invoicing"


@pytest.mark.usefixtures("ada")
def test_what_an_action_refuses_undoes_everything(larkspur: Organization) -> None:
    """The plan finds it as well: it makes the changes, and takes them back."""
    circle = TASKS.replace("  risk: high", "  risk: high\n  depends_on: [1]")
    files = {**written(), "tasks.yaml": circle.encode()}
    count = changes(larkspur.log).count()

    assert "tasks.yaml: line 8: nothing was changed: depends_on" in problems(plan(larkspur, files))
    with pytest.raises(ProgramRefusedError):
        apply(larkspur, files)
    assert changes(larkspur.log).count() == count
    assert current_scope(larkspur).number == 0


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("scope.yaml", "type: 1", "type: 3", "scope.yaml: line 3: type: is '3'"),
        ("scope.yaml", "type: 1", "kind: 1", "scope.yaml: line 3: kind: there is no such field"),
        ("controls/OWN-01.md", "CC6.2", "CC66.2", "line 3: criteria: there is no criterion"),
        ("controls/OWN-01.md", "ada@", "eve@", "line 9: owner: no member has the address"),
        ("controls/OWN-01.md", "2026-07-01", "2027-07-01", "line 10: implemented_on"),
        ("controls/OWN-01.md", "title: Re", "library: X\ntitle: Re", "line 2: library: has no"),
        ("controls/OWN-01.md", "evidence", "retired: yes\nevidence", "line 11: retired: is not"),
        ("tasks.yaml", "due_on: 2026-09-30", "due_on: soon", "line 5: due_on: is not a day"),
        ("tasks.yaml", "[2]", "[7]", "line 6: depends_on: there is no task 7"),
        ("tasks.yaml", "  closed_on: 2026-07-30\n", "", "line 8: closed_on: is empty"),
        ("tasks.yaml", "number: 2", "number: two", "line 8: has a number that no row has"),
        ("tasks.yaml", "ada@", "stranger@other.", "line 4: owner: no member has the address"),
    ],
)
@pytest.mark.usefixtures("ada", "stranger")
def test_a_problem_names_file_line_and_field(
    larkspur: Organization, path: str, old: str, new: str, said: str
) -> None:
    files = written()
    changed = files[path].decode().replace(old, new, 1)
    assert changed != files[path].decode()

    found = plan(larkspur, {**files, path: changed.encode()})

    assert said in problems(found)
    with pytest.raises(ProgramRefusedError):
        apply(larkspur, {**files, path: changed.encode()})
    assert changes(larkspur.log).filter(by=BY).count() == 0


@pytest.mark.usefixtures("ada")
def test_an_apply_does_what_was_seen_or_nothing(larkspur: Organization) -> None:
    seen = plan(larkspur, written()).fingerprint
    less = {name: raw for name, raw in written().items() if name != "tasks.yaml"}

    with pytest.raises(ProgramMovedError):
        apply_program(
            organization=larkspur,
            files=less,
            catalog=catalog(),
            expected=seen,
            by=BY,
            at=AT,
        )
    apply_program(
        organization=larkspur, files=written(), catalog=catalog(), expected=seen, by=BY, at=AT
    )


@pytest.fixture
def example_year(db: None, tmp_path: Path) -> Organization:
    """The example's year, examinations left out: they are no part of the files."""
    folder = example_folder()
    organization = people.found(folder)
    for act in year.acts(folder, tmp_path):
        if not act.name:
            act.do(organization)
    return organization


def test_the_example_goes_into_a_new_organization_and_is_the_same(
    example_year: Organization,
) -> None:
    """Its people must be members there; what they did stays where they did it."""
    files = export_program(example_year)
    nothing = plan(example_year, files)
    assert not nothing.changes
    assert not nothing.absent
    assert not nothing.is_refused

    other = found_organization(name="Meadow", by="test", at=AT)
    for member in Membership.objects.filter(organization=example_year):
        joined(other, member.user.email)
    joined(other, BY)  # who applies the files is the author of the drafts
    today = datetime.now(UTC)
    planned = plan_program(organization=other, files=files, catalog=catalog(), by=BY, at=today)
    assert not planned.is_refused, problems(planned)
    apply(other, files, at=today)

    assert export_program(other) == files
    assert not apply(other, files, at=today).changes
    assert len(planned.changes) > 60


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60)
PROSE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)
CRITERIA = st.lists(st.sampled_from(["CC6.1", "CC7.2", "A1.2"]), min_size=1, unique=True)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2026, 7, 31)).map(date.isoformat)
PROGRAMS = st.fixed_dictionaries(
    {
        "scope": st.fixed_dictionaries(
            {
                "system": PROSE,
                "services": st.lists(PROSE, max_size=3),
                "boundaries": PROSE,
                "type": st.sampled_from([1, 2, None]),
                "last": DAYS,
                "user_controls": st.lists(
                    st.fixed_dictionaries({"text": PROSE, "criteria": CRITERIA}), max_size=2
                ),
                "not_applicable": st.dictionaries(
                    st.sampled_from(["CC6.4", "P1.1", "CC1.1"]), PROSE, max_size=2
                ),
            }
        ),
        "texts": st.dictionaries(st.sampled_from(["dc3.data", "dc3.people"]), PROSE, max_size=2),
        "controls": st.lists(
            st.fixed_dictionaries(
                {
                    "title": LINES,
                    "text": PROSE,
                    "criteria": CRITERIA,
                    "owner_role": LINES,
                    "owner": st.sampled_from([None, BY]),
                    "implemented_on": DAYS,
                    "evidence": st.lists(PROSE, max_size=3),
                    "frequency": st.sampled_from(["daily", "annual"]),
                    "retired": st.none() | st.just({"on": "2026-08-01", "because": "Gone: no."}),
                }
            ),
            max_size=3,
        ),
        "tasks": st.lists(
            st.fixed_dictionaries(
                {
                    "title": LINES,
                    "note": PROSE,
                    "due_on": DAYS,
                    "effort_days": st.none() | st.integers(1, 250),
                    "risk": st.sampled_from(["low", "high"]),
                    "owner": st.sampled_from([None, BY]),
                    "waits": st.integers(0, 3),
                }
            ),
            max_size=4,
        ),
        "checklists": st.dictionaries(
            st.sampled_from(NAMES),
            st.fixed_dictionaries(
                {
                    "title": LINES,
                    "items": st.lists(
                        st.fixed_dictionaries(
                            {
                                "what": LINES,
                                "does": st.sampled_from(["the person", "Head of: engineering"]),
                                "days": st.integers(-365, 365),
                                "is_working_days": st.booleans(),
                                "proof": LINES,
                                "controls": st.sampled_from([[], ["ACC-05"]]),
                            }
                        ),
                        min_size=1,
                        max_size=3,
                    ),
                }
            ),
            max_size=2,
        ),
        "courses": st.lists(
            st.fixed_dictionaries(
                {
                    "course": LINES,
                    "since": st.just("2026-01-01"),
                    "kind": st.sampled_from(["all", "employee", "contractor"]),
                    "department": LINES,
                    "within_days": st.integers(0, 3650),
                    "every_months": st.none() | st.integers(1, 120),
                    "retired_on": DAYS,
                    "reason": LINES,
                }
            ),
            max_size=3,
        ),
    }
)


def said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return JSON that is YAML too: without halves of characters, what is unseen escaped."""
    found = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else rf"\U{ord(char):08x}" for char in found)


def as_files(program: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield files as somebody else's program would write them: JSON is YAML."""
    yield "scope.yaml", said(program["scope"]).encode()
    for name, text in program["texts"].items():
        yield f"description/{name}.md", f"---\n---\n\n{text}\n".encode()
    for number, control in enumerate(program["controls"]):
        head = {
            **{name: value for name, value in control.items() if name != "text"},
            "nature": "detective",
            "kind": "manual",
        }
        body = f"---\n{said(head)}\n---\n\n{control['text']}\n"
        yield f"controls/OWN-{number}.md", body.encode()
    tasks = [
        {
            **{name: value for name, value in task.items() if name != "waits"},
            "number": number,
            "depends_on": [task["waits"]] if 0 < task["waits"] < number else [],
        }
        for number, task in enumerate(program["tasks"], 1)
    ]
    yield "tasks.yaml", said(tasks).encode()
    checklists = [{"name": name, **each} for name, each in program["checklists"].items()]
    yield "checklists.yaml", said(checklists).encode()
    courses = [{"number": at, **each} for at, each in enumerate(program["courses"], 1)]
    yield "courses.yaml", said(courses).encode()


@pytest.mark.usefixtures("ada")
@settings(max_examples=30, suppress_health_check=[*HealthCheck])
@given(PROGRAMS)
def test_a_generated_program_comes_back_byte_for_byte(
    larkspur: Organization, program: dict[str, Any]
) -> None:
    """Applied to one organization, taken out, and applied to another: the same files."""
    first, second = (found_organization(name="Meadow", by="test", at=AT) for _ in range(2))
    for organization in (first, second):
        joined(organization, BY)
    files = dict(as_files(program))
    if plan(first, files).problems:
        # Empty or odd lines that a reader refuses: then nothing of it may be there.
        with pytest.raises(ProgramRefusedError):
            apply(first, files)
        assert changes(first.log).count() == 1
        return

    apply(first, files)
    exported = export_program(first)
    assert not apply(first, files).changes
    assert not apply(first, exported).changes
    apply(second, exported)
    assert export_program(second) == exported


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared lists are not beside the checkout")
@pytest.mark.usefixtures("ada")
def test_naughty_strings_go_out_and_come_back(larkspur: Organization) -> None:
    naughty = [text for text in json.loads(NAUGHTY.read_text("utf-8")) if text.strip()]
    tasks = [{"number": at, "title": "x", "note": text} for at, text in enumerate(naughty, 1)]
    apply(
        larkspur,
        {
            "tasks.yaml": said(tasks).encode(),
            "description/dc3.data.md": ("---\n---\n\n" + "\n\n".join(naughty[:140])).encode(),
        },
    )
    exported = export_program(larkspur)

    assert not plan(larkspur, exported).changes
    assert RemediationTask.objects.count() == len(naughty) > 400
    assert {task.note for task in RemediationTask.objects.all()} == {
        text.replace("\r\n", "\n").strip() for text in naughty
    }
    assert LOCK in exported
