"""Systems of record: stated on a page or over the API, and what reconciliations compare by."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import slapd
from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord
from reperform.audit.queries import output_path
from reperform.base.canonical import canonical_json
from reperform.connectors import ldap, lists
from reperform.connectors.ldap.search import system as ldap_system
from reperform.connectors.settings import read_settings
from reperform.evidence.queries.gathered import gathering
from reperform.ledger.models import Change
from reperform.program.actions.systems import state_systems
from reperform.program.models import SystemsVersion
from reperform.program.systems import SystemRole
from reperform.report.actions.examining import examine_connections
from web.test_examining import NOON, Ticking, collect, decide, performed, unrendered
from web.test_waived_examination import trail_problems

__all__ = ["unrendered"]
ADDRESS = "/o/larkspur/results/systems/"


def text(answer: Any) -> str:  # noqa: ANN401 - a response
    return unescape(answer.content.decode())


def test_they_are_stated_whole_and_two_who_state_them_at_once_lose_nothing(
    manager: Client, larkspur: Organization
) -> None:
    assert "Not decided: Identity provider, HR roster" in text(manager.get(ADDRESS))
    said = {"seen": 0, "identity_provider": "okta acme\nokta old", "hr_roster": "roster"}
    assert manager.post(ADDRESS, said).status_code == 302
    row = SystemsVersion.objects.get(organization=larkspur)
    assert row.content["identity_provider"] == ["okta acme", "okta old"]
    late = manager.post(ADDRESS, {"seen": 0, "identity_provider": "entra"})
    assert late.status_code == 409
    assert "okta old" in text(late)
    before = Change.objects.count()
    assert manager.post(ADDRESS, {**said, "seen": 1}).status_code == 302
    assert (Change.objects.count(), SystemsVersion.objects.count()) == (before, 1)
    wrong = manager.post(ADDRESS, {"seen": 1, "hr_roster": "a\x07b"})
    assert wrong.status_code == 422
    assert "holds what is no name" in text(wrong)


LDIF = f"""
dn: uid=ana,{slapd.BASE}
objectClass: inetOrgPerson
cn: Ana
sn: Diaz
uid: ana
mail: Ana@Example.org
userPassword: hash of ana

dn: uid=eve,{slapd.BASE}
objectClass: inetOrgPerson
cn: Eve
sn: Old
uid: eve
mail: eve@example.org
userPassword: hash of eve
"""
ROSTER = b"""id,name,mail
1,Ana Diaz,ana@example.org
2,Bo Li,bo@example.org
"""
MAPPING = ["person_uid = id", "name = name", "email = mail | lower"]


@pytest.mark.enable_socket
@pytest.mark.skipif(not slapd.is_here(), reason="needs slapd and ldap-utils")
@pytest.mark.usefixtures("unrendered")
def test_a_directory_and_a_roster_are_compared_once_it_is_said_which_they_are(
    larkspur: Organization, manager: Client, tmp_path: Path, settings: object
) -> None:
    """From a real server and a real file to the bundle; before, nothing is compared."""
    settings.LOCAL_SOURCES = (str(tmp_path),)  # type: ignore[attr-defined]
    decide(larkspur, last=NOON.date())
    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "roster.csv").write_bytes(ROSTER)
    said = {
        "folder": str(tmp_path / "hr"),
        "table": "people",
        "system": "hr larkspur",
        "mapping": MAPPING,
        "dated": "collected",
    }
    roster, problems = read_settings(lists.CONNECTOR.settings, said)
    assert problems == []
    with slapd.directory(LDIF) as served:
        collect(larkspur, 1, ldap.CONNECTOR, served.access(), None)
        directory = ldap_system(served.access())
    collect(larkspur, 2, lists.CONNECTOR, roster, None)

    found = _reconciliation(a_day_later(larkspur))
    assert found["conclusion"] == "unable to compare"
    assert found["reason"] == (
        "nobody said which system is the identity provider; "
        "nobody said which system is the HR roster"
    )

    state_systems(
        organization=larkspur,
        systems={
            SystemRole.IDENTITY_PROVIDER: (directory,),
            SystemRole.HR_ROSTER: ("hr larkspur",),
        },
        seen=0,
        by="ada",
        at=NOON,
    )
    record = a_day_later(larkspur)

    found = _reconciliation(record)
    reasons = {each["item"]: each["reason"] for each in found["exceptions"]}
    assert found["conclusion"] == "differs"
    assert reasons == {
        f"account {directory} eve": "nobody in the register of people has eve@example.org",
        "person hr larkspur 2": "no system lists an account of bo@example.org",
    }
    assert found["passed"] == 2
    page = text(manager.get(f"/o/larkspur/results/{record.number}/tests/REC-01/"))
    assert directory in page
    assert not performed(output_path(record, "bundle.zip"), tmp_path / "again").problems
    bundle = tmp_path / "again" / "bundle"
    others: tuple[dict[str, list[str]], ...] = (
        {"identity_provider": [directory], "hr_roster": ["another"]},
        {"identity_provider": [], "hr_roster": []},
        {"boss": []},
    )
    for content in others:
        (bundle / "inputs" / "systems.json").write_bytes(canonical_json(content))
        assert "are not those that the trail says were stated" in trail_problems(bundle)
    (bundle / "inputs" / "systems.json").unlink()
    assert "are not those that the trail says were stated" in trail_problems(bundle)


def a_day_later(organization: Organization) -> ExaminationRecord:
    """Examine when the day is over on which both lists were taken."""
    clock = Ticking()
    clock.now += timedelta(days=1)
    return examine_connections(
        organization=organization,
        evidence=gathering(organization),
        first=None,
        last=None,
        by="ada",
        clock=clock,
    )


def _reconciliation(record: ExaminationRecord) -> dict[str, Any]:
    rows = record.results["reconciliations"]
    return next(each for each in rows if each["id"] == "REC-01")
