"""A waiver on its way: from a deviation over the report and the bundle to who verifies it."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from outside import YEAR, fast_import
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.examination import Examination
from reperform.audit.queries import output_path
from reperform.audit.trail_history import read_trail
from reperform.base.canonical import canonical_json
from reperform.connectors import git
from reperform.connectors.settings import Access
from reperform.evidence.actions.connections import make_connection, retire_connection
from reperform.evidence.connection import ConnectionFields
from reperform.ledger.note import Verifier
from reperform.ledger.verify import verify_log
from reperform.program.actions.waivers import ask_waiver, decide_waiver, withdraw_waiver
from reperform.program.waivers.fields import read_waiver
from reperform.report.actions import examining
from reperform.report.docx import render_docx
from reperform.report.html import render_html
from reperform.report.readiness import readiness_document
from reperform.report.soc2 import soc2_document
from reperform.testing.installed import tests_by_id as installed
from web.test_examining import FIRST, LAST, NOON, collect, decide, examined, performed

pytestmark = pytest.mark.enable_socket
TEST = "CHG-01.T1"
TODAY = NOON.date()
WAIVERS = "inputs/waivers.json"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What reports say, without their PDFs, which take most of the time."""
    found: dict[str, bytes] = {}

    def write(folder: Path, examination: Examination, seal: object, *, at: datetime) -> None:
        found["docx"] = render_docx(soc2_document(examination), at=at)
        for name, document in (
            ("report", soc2_document(examination)),
            ("gap", readiness_document(examination)),
        ):
            found[name] = render_html(document)
            (folder / f"{name}.html").write_bytes(found[name])
            (folder / f"{name}.pdf").write_bytes(b"not rendered")

    monkeypatch.setattr(examining, "write_reports", write)
    return found


@pytest.fixture
def code(larkspur: Organization, tmp_path: Path, settings: object) -> Organization:
    """Larkspur with a repository in which changes were not reviewed."""
    settings.LOCAL_SOURCES = (str(tmp_path),)  # type: ignore[attr-defined]
    decide(larkspur)
    repository = fast_import(tmp_path / "repo", YEAR)
    access = Access({"repository": str(repository), "branch": ""}, {})
    collect(larkspur, 1, git.CONNECTOR, access, None)
    fields = ConnectionFields("Mirror", access.settings, {}, None)
    make_connection(
        organization=larkspur, connector=git.CONNECTOR, fields=fields, by="ada", at=NOON
    )
    retire_connection(
        organization=larkspur, number=2, reason="moved", seen=1, on=TODAY, by="ada", at=NOON
    )
    return larkspur


@pytest.fixture
def grant(larkspur: Organization, member: Callable[[Role], User]) -> Callable[..., int]:
    """Asks for a waiver, and approves it as somebody else."""
    who = {
        role: Membership.objects.get(user=member(role), organization=larkspur)
        for role in (Role.CONTROL_OWNER, Role.COMPLIANCE_MANAGER)
    }

    def make(*, on: date = TODAY, **said: object) -> int:
        at = datetime.combine(on, NOON.timetz())
        tests = {name: each.sha256 for name, each in installed().items()}
        content = {"test": TEST, "reason": "The reviewer was ill.", **said}
        fields, problems = read_waiver(content, tests=tests, today=on)
        assert problems == []
        asked = ask_waiver(
            organization=larkspur,
            fields=fields,
            asker=who[Role.CONTROL_OWNER],
            by="owner@larkspur.example",
            at=at,
        )
        decide_waiver(
            organization=larkspur,
            number=asked.number,
            is_approved=True,
            note="",
            seen=1,
            decider=who[Role.COMPLIANCE_MANAGER],
            by="grace@larkspur.example",
            at=at,
        )
        return asked.number

    return make


EARLY = FIRST - timedelta(days=12)


@pytest.fixture
def waived(
    code: Organization, grant: Callable[..., int], member: Callable[[Role], User]
) -> Organization:
    """Four waivers of every item: in time, afterwards, expired, withdrawn; and one only asked."""
    grant(on=EARLY, first=str(FIRST), last=str(LAST), compensating="The owner reads each diff.")
    grant(on=TODAY, first=str(FIRST), last=str(LAST + timedelta(days=20)))
    grant(on=EARLY, first=str(EARLY), last=str(FIRST - timedelta(days=1)))
    grant(on=EARLY, first=str(EARLY), last=str(LAST))
    withdraw_waiver(
        organization=code,
        number=4,
        reason="She is back.",
        seen=2,
        by="grace@larkspur.example",
        at=datetime.combine(EARLY + timedelta(days=2), NOON.timetz()),
    )
    asker = Membership.objects.get(user=member(Role.CONTROL_OWNER), organization=code)
    tests = {name: each.sha256 for name, each in installed().items()}
    content = {"test": TEST, "reason": "Only asked.", "last": str(LAST + timedelta(days=9))}
    fields, _ = read_waiver(content, tests=tests, today=TODAY)
    ask_waiver(organization=code, fields=fields, asker=asker, by="owner", at=NOON)
    return code


def test_a_waived_deviation_stays_one_and_is_shown_as_waived_everywhere(
    waived: Organization, manager: Client, rendered: dict[str, bytes], tmp_path: Path
) -> None:
    """Who, until when and why; and the bundle shows a waiver that was hidden or added."""
    record = examined(waived)

    test = next(each for each in record.results["tests"] if each["id"] == TEST)
    deviations = [each for each in test["exceptions"] if each["outcome"] == "deviation"]
    assert test["conclusion"] == "exceptions noted"
    assert test["deviations"] == len(deviations) > 0
    said = {each["number"]: each["deviations"] for each in record.results["waivers"]}
    assert {number: {each["standing"] for each in rows} for number, rows in said.items()} == {
        1: {"waived"},
        2: {"waived"},
        3: {"expired"},
        4: {"expired"},
    }
    assert {len(rows) for rows in said.values()} == {len(deviations)}
    assert {each["is_afterwards"] for each in said[1]} == {False}
    assert {each["is_afterwards"] for each in said[2]} == {True}

    report = rendered["report"].decode()
    for words in (
        "Exhibit D. Waivers",
        "Waived by grace@larkspur.example until 2026-07-01 because The reviewer was ill",
        "after the deviation happened",
        f"Management waived {len(deviations)} of these: see Exhibit D. They stay deviations.",
        f"{len(deviations)} of them waived, see Exhibit D.",
        "Not waived: WVR-3 of grace@larkspur.example expired on",
        "She is back.",
        "of connections that were retired without having brought anything of these days",
        "CON-2 Mirror: never collected; retired on 2026-07-02: moved",
    ):
        assert words in report, words
    assert "Only asked." not in report
    assert "they count all the same" in rendered["gap"].decode()
    assert rendered["docx"].startswith(b"PK")

    page = manager.get(f"/o/larkspur/results/{record.number}/tests/{TEST}/").content.decode()
    assert "Waived by grace@larkspur.example until" in page
    assert "/o/larkspur/waivers/1/" in page
    page = manager.get(f"/o/larkspur/results/{record.number}/").content.decode()
    assert f"{len(deviations)} waived" in page
    assert "expired" in page
    assert "CON-2 Mirror: never collected; retired on" in page

    assert not performed(output_path(record, "bundle.zip"), tmp_path / "again").problems
    _hidden(tmp_path / "again" / "bundle")
    _tampered(tmp_path / "again" / "bundle")


def _tampered(bundle: Path) -> None:
    """Change what an unpacked bundle says of waivers, and look at what its trail says then."""
    waivers, told = bundle / WAIVERS, bundle / "ledger" / "changes.jsonl"
    kept = json.loads(waivers.read_bytes())["waivers"]
    assert [each["number"] for each in kept] == [1, 2, 3, 4]
    for content, words in (
        (kept[1:], "WVR-1: the trail says that it was approved, and it is left out"),
        ([*kept, {**kept[0], "number": 9}], "WVR-9: the trail does not say that it was approved"),
        (
            [{**kept[0], "reason": "All is well."}, *kept[1:]],
            "WVR-1: it is not what the trail says was approved",
        ),
        (
            [*kept[:3], {**kept[3], "withdrawn_on": None}],
            "WVR-4: it is not what the trail says was approved",
        ),
    ):
        waivers.write_bytes(canonical_json({"waivers": content}))
        assert words in trail_problems(bundle)
    waivers.write_bytes(b"{")
    assert "it cannot be read" in trail_problems(bundle)
    waivers.unlink()
    assert "WVR-4: the trail says that it was approved, and it is left out" in trail_problems(
        bundle
    )
    lines = told.read_bytes().splitlines(keepends=True)
    told.write_bytes(b"".join(each for each in lines if _act(each) != "waiver.withdrawn"))
    assert "waiver.withdrawn, is not told" in trail_problems(bundle)


def _hidden(bundle: Path) -> None:
    """Leave out a connection that was retired, and look at what the trail says."""
    evidence = bundle / "inputs" / "evidence.json"
    said = json.loads(evidence.read_bytes())
    assert [each["retired_on"] for each in said["lacking"]] == [str(TODAY)] * len(said["lacking"])
    evidence.write_bytes(canonical_json(said | {"lacking": []}))
    assert (
        f"connection 2 was retired on {TODAY}; it was neither examined nor said"
        in trail_problems(bundle)
    )


def _act(line: bytes) -> str:
    content = base64.b64decode(json.loads(line)["content"])
    return str(json.loads(content[32:])["act"])


def trail_problems(bundle: Path) -> str:
    """Return what the trail of an unpacked bundle says is wrong with it."""
    key = (bundle / "ledger" / "verifier.key").read_text("utf-8")
    log = verify_log(
        lambda path: (bundle / "ledger" / path).read_bytes(),
        verifier=Verifier.parse(key),
        earlier=None,
    )
    _, problems = read_trail(bundle, log.statements)
    return str(problems)
