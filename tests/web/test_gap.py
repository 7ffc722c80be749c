"""The gap pages: status by criterion, what is missing, and on what that rests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.audit.queries import gap_analysis, latest_examination
from reperform.catalog.installed import catalog
from reperform.program.actions.scope import change_scope
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import AdoptedControl
from reperform.program.queries import traces as program_traces
from reperform.program.scope.document import ScopeDocument
from web.examined import results, write_outputs

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/gap/"


@pytest.fixture
def scope(larkspur: Organization) -> Organization:
    """Larkspur, with a scope."""
    decided = ScopeDocument(
        system="Invoicing",
        type=2,
        first=date(2025, 8, 1),
        last=date(2026, 7, 31),
        not_applicable={"CC6.4": "There are no <i>offices</i>."},
    )
    change_scope(organization=larkspur, scope=decided, seen=0, library="0" * 64, by="t", at=AT)
    return larkspur


def adopt(organization: Organization, code: str, **more: Any) -> AdoptedControl:  # noqa: ANN401 - a model's fields
    origin = {control.id: control for control in catalog().controls}["CHG-01"]
    said: dict[str, Any] = {
        "title": "Changes are <b>reviewed</b>",
        "text": origin.text,
        "population": origin.population,
        "criteria": ["CC8.1"],
        "points_of_focus": ["CC8.1-a"],
        "nature": origin.nature,
        "kind": origin.kind,
        "frequency": origin.frequency,
        "owner_role": "Engineering lead",
        "library_id": "CHG-01",
        "adopted_on": date(2025, 1, 1),
        "changed_by": "test",
        "changed_at": AT,
    }
    return AdoptedControl.objects.create(organization=organization, code=code, **(said | more))


def examine(organization: Organization, folder: Path, **facets: str) -> None:
    said = results(exceptions=0) | {"observed_at": "2026-08-01T08:00:00+00:00"}
    said["tests"][0] |= {"conclusion": "no exceptions", "exceptions": []}
    said["controls"][0] |= {"implemented": "yes", "evidenced": "yes", "operated": "yes"} | facets
    keep_examination(
        organization=organization, folder=write_outputs(folder, said), by="test", at=AT
    )


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_without_anything_the_page_says_what_to_do(manager: Client, home: str) -> None:
    """No scope, no control, no examination: each is named with a link."""
    text = said(manager.get(home))

    assert "No scope is decided" in text
    assert "no examination: nobody has seen any control yet" in text
    assert "No control is adopted yet" in text


def test_the_basis_is_on_both_pages(
    manager: Client, home: str, larkspur: Organization, scope: Organization, tmp_path: Path
) -> None:
    """Examination number and day, scope version, number of controls."""
    adopt(larkspur, "CHG-01")
    examine(larkspur, tmp_path / "out")

    for url in (home, f"{home}CC8.1/"):
        text = said(manager.get(url))
        assert "Scope, version 1" in text
        assert "examination 1</a>, whose evidence was seen on 1 August 2026" in text
        assert "1 adopted control;" in text


def test_a_criterion_is_met_only_with_an_owner_and_evidence(
    manager: Client,
    home: str,
    member: Callable[[Role], User],
    scope: Organization,
    tmp_path: Path,
) -> None:
    """Without an owner it is partly met, and the page names the control."""
    control = adopt(scope, "CHG-01")
    examine(scope, tmp_path / "out")
    before = said(manager.get(f"{home}CC8.1/"))
    member(Role.CONTROL_OWNER)
    control.owner = Membership.objects.get(user__email="control_owner@larkspur.example")
    control.save()

    after = said(manager.get(f"{home}CC8.1/"))

    assert "Nobody answers for: CHG-01." in before
    assert "All 1 controls are adopted, in place and evidenced." in after


def test_the_list_is_filtered_by_status_and_category(
    manager: Client, home: str, scope: Organization
) -> None:
    """Not applicable is one, with management's reason."""
    text = said(manager.get(home, {"status": "not applicable"}))

    assert "Management's reason: There are no <i>offices</i>." in text
    assert "/gap/CC8.1/" not in text
    assert "<i>offices" not in manager.get(home).content.decode()


def test_own_controls_are_in_it_and_unknown(
    manager: Client, home: str, larkspur: Organization, scope: Organization, tmp_path: Path
) -> None:
    """A control that is not the library's is never taken as examined."""
    adopt(larkspur, "OWN-01", library_id="")
    examine(larkspur, tmp_path / "out")

    text = said(manager.get(f"{home}CC8.1/"))

    assert "It is a control of your own, and no test reads evidence of it" in text
    assert "Proposed by the library, not adopted" in text


def test_retired_controls_and_other_organizations_do_not_count(
    larkspur: Organization, stranger: User
) -> None:
    adopt(larkspur, "CHG-01", retired_on=date(2026, 1, 1), retired_because="replaced")
    adopt(Organization.objects.get(slug="other"), "CHG-02")

    assert not gap_analysis(larkspur, catalog=catalog(), at=AT).adopted


def test_a_criterion_out_of_scope_has_no_page(
    manager: Client, home: str, scope: Organization
) -> None:
    assert manager.get(f"{home}A1.1/").status_code == 404
    assert manager.get(f"{home}CC99.1/").status_code == 404


@pytest.mark.parametrize(
    "damage", [{"controls": [{"id": 7}, 3]}, {"tests": [3, {}]}, {"scope": None}, {}]
)
def test_damaged_results_never_make_a_yes(
    larkspur: Organization, scope: Organization, tmp_path: Path, damage: dict[str, Any]
) -> None:
    """A facet that cannot be read is unknown."""
    adopt(larkspur, "CHG-01")
    examine(larkspur, tmp_path / "out", implemented="surely", evidenced="1", operated="")
    record = latest_examination(larkspur)
    assert record
    record.results |= damage
    record.save()

    (control,) = gap_analysis(larkspur, catalog=catalog(), at=AT).readiness.values()

    assert {control.implemented, control.evidenced, control.operated} == {"unknown"}


KINDS = {
    "gap-analysis.pdf": b"%PDF-",
    "gap-analysis.docx": b"PK\x03\x04",
    "gap-analysis.xlsx": b"PK\x03\x04",
    "criteria.csv": b"\xef\xbb\xbfCriterion,",
    "plan.csv": b"\xef\xbb\xbfTask,",
}


@pytest.mark.parametrize("name", KINDS)
def test_the_analysis_goes_out_as_a_file(
    manager: Client, home: str, scope: Organization, name: str
) -> None:
    """As a download, never shown at this origin."""
    adopt(scope, "CHG-01")

    answer = manager.get(f"{home}files/{name}")

    assert answer.status_code == 200
    assert answer.content.startswith(KINDS[name])
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="larkspur-')


def test_an_unknown_file_is_not_found(manager: Client, home: str) -> None:
    assert manager.get(f"{home}files/gap.exe").status_code == 404


def test_what_the_registers_say_is_shown_with_its_page(
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
    home: str,
    scope: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who may see the register's page gets a link to it; the words are the register's."""
    said = Trace("Members", "<b>2</b> left.", TraceState.LACKING, "members", criteria=("CC6.1",))
    monkeypatch.setattr(program_traces, "SOURCES", (lambda _asked: [said],))

    pages = {
        role: signed_in(member(role)).get(f"{home}CC6.1/").content.decode()
        for role in (Role.COMPLIANCE_MANAGER, Role.READ_ONLY)
    }

    link = f'<a href="/o/{scope.slug}/members/">Members</a>: &lt;b&gt;2&lt;/b&gt; left.'
    assert link in pages[Role.COMPLIANCE_MANAGER]
    assert "Members: &lt;b&gt;2&lt;/b&gt; left." in pages[Role.READ_ONLY]
    standing = gap_analysis(scope, catalog=catalog(), at=AT).standing("CC6.1")
    assert standing is not None
    assert standing.gap.steps[-1] == "Put right in Members: <b>2</b> left."
