"""What connections brought is examined, bundled, and re-performed from the bundle alone."""

import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

import acme
import aws
import hub
from acme import SECRET, Acme
from outside import YEAR, fast_import
from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord, FrozenPopulation
from reperform.audit.queries import output_path
from reperform.audit.reperform import Reperformance, reperform
from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.period import (
    Period,
    PeriodInFutureError,
    PeriodReversedError,
    PeriodTooLongError,
)
from reperform.catalog.installed import catalog
from reperform.cli.carrying import WAYS
from reperform.connectors import aws as amazon
from reperform.connectors import git, github
from reperform.connectors.contract import Connector
from reperform.connectors.settings import Access
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.manual import bring_evidence
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.bundle import unpack_bundle
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.gathering import EvidenceLostError, Gathering
from reperform.evidence.manual import read_manual
from reperform.evidence.queries.gathered import gathered, gathering
from reperform.evidence.sources import sources
from reperform.ledger.home import home
from reperform.ledger.queries import changes, shown
from reperform.program.actions.control_keeping import NewControl
from reperform.program.actions.controls import adopt_controls
from reperform.program.actions.scope import change_scope
from reperform.program.controls.document import library_document
from reperform.program.scope.document import ScopeDocument
from reperform.report.actions import examining
from reperform.report.actions.examining import NothingCollectedError, examine_connections
from reperform.report.actions.freezing import closing_of

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 7, 2, 12, 0, tzinfo=UTC)
ACME = Access({"account": "sales", "plan": "small"}, {"token": SECRET})
FIRST, LAST = date(2025, 8, 1), date(2026, 7, 1)


class Ticking:
    """A clock that goes on by a second with each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def decide(organization: Organization, *, last: date = LAST) -> None:
    scope = ScopeDocument(system="Invoicing", type=2, first=FIRST, last=last)
    change_scope(
        organization=organization, scope=scope, seen=0, library="0" * 64, by="ada", at=NOON
    )


def collect(
    organization: Organization,
    number: int,
    connector: Connector,
    access: Access,
    since: date | None,
) -> None:
    fields = ConnectionFields(f"Source {number}", access.settings, dict(access.secrets), since)
    make_connection(
        organization=organization, connector=connector, fields=fields, by="ada", at=NOON
    )
    run_connection(organization=organization, number=number, by="ada", clock=Ticking())


@pytest.fixture
def collected(larkspur: Organization, tmp_path: Path, settings: object) -> Iterator[Organization]:
    """Larkspur with a repository, an account of AWS and an organization on GitHub."""
    settings.LOCAL_SOURCES = (str(tmp_path),)  # type: ignore[attr-defined]
    decide(larkspur)
    repository = fast_import(tmp_path / "repo", YEAR)
    with ExitStack() as stack:
        amazons = stack.enter_context(aws.server())
        amazons.client("iam").create_user(UserName="ana")
        amazons.client("s3").create_bucket(
            Bucket="trail", CreateBucketConfiguration={"LocationConstraint": aws.REGION}
        )
        hubs = stack.enter_context(hub.served())
        hubs.paths["/orgs/larkspur/repos"] = []
        hubs.pull("app", 7, "2026-07-01")
        code = Access({"repository": str(repository), "branch": ""}, {})
        collect(larkspur, 1, git.CONNECTOR, code, None)
        collect(larkspur, 2, amazon.CONNECTOR, amazons.access(log_bucket="trail"), LAST)
        collect(larkspur, 3, github.CONNECTOR, hubs.access(), LAST)
        yield larkspur


def examined(organization: Organization, evidence: Gathering | None = None) -> ExaminationRecord:
    return examine_connections(
        organization=organization,
        evidence=evidence or gathering(organization),
        first=None,
        last=None,
        by="ada",
        clock=Ticking(),
    )


def performed(bundle: Path, work: Path) -> Reperformance:
    shutil.rmtree(work, ignore_errors=True)
    (work / "work").mkdir(parents=True)
    return reperform(
        unpack_bundle(bundle, work / "bundle"),
        sources=sources(),
        key=None,
        earlier=None,
        beside=bundle.parent,
        work=work / "work",
    )


def contents(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "bundle.json"}


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    """Pack files as a bundle whose manifest says what is in it."""
    listed = {
        name: {"sha256": sha256_hex(content), "size": len(content)}
        for name, content in files.items()
    }
    manifest = canonical_json({"format": "reperform-bundle/1", "files": listed})
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**files, "bundle.json": manifest}.items():
            archive.writestr(name, content)
    return path


def changed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_what_connections_brought_leads_to_results_that_anybody_can_reperform(
    collected: Organization, manager: Client, tmp_path: Path
) -> None:
    """From three sources to the bundle; and each kind of file that is changed in it is named."""
    origin = next(each for each in catalog().controls if each.id == "CHG-01")
    taken = library_document(origin)
    new = NewControl("CHG-01", taken, library_id="CHG-01", taken=taken)
    adopt_controls(organization=collected, controls=[new], by="ada", at=NOON)
    minutes = {"title": "Minutes", "request": "PBC-1"}
    for day, words in ((LAST, b"We met.\n"), (date(2024, 1, 1), b"Long ago.\n")):
        fields, _ = read_manual(minutes | {"first": day}, today=NOON.date(), now=NOON)
        bring_evidence(
            organization=collected, fields=fields, name="a.txt", content=words, by="ada", at=NOON
        )

    manager.post("/o/larkspur/results/", {})
    job = work_once(clock=lambda: datetime.now(UTC), ways=WAYS)
    assert job
    assert job.state == "done", job.reason

    page = manager.get("/o/larkspur/results/1/").content.decode()
    assert "CON-2 Source 2: what it brought says nothing of these days" in page
    page = manager.get("/o/larkspur/controls/CHG-01/").content.decode()
    assert "exceptions noted" in page
    record = ExaminationRecord.objects.get()
    bundle = output_path(record, "bundle.zip")
    assert not performed(bundle, tmp_path / "again").problems
    streams = {each["stream"] for each in record.results["collections"]}
    assert {"git/history", "github/changes"} <= streams
    tests = {each["id"]: each["conclusion"] for each in record.results["tests"]}
    assert tests["CHG-01.T1"] == "exceptions noted"
    assert [(each["connection"], each["stream"]) for each in record.results["lacking"]][:2] == [
        (2, "aws/iam"),
        (2, "aws/buckets"),
    ]
    said = {shown(each).act: shown(each).after for each in changes(collected.log)[:5]}
    assert list(said) == [
        "examination.kept",
        "populations.frozen",
        "examination.rendered",
        "examination.tested",
        "examination.begun",
    ]
    assert said["examination.rendered"]["files"]["report.pdf"] == sha256_hex(
        output_path(record, "report.pdf").read_bytes()
    )

    files = contents(bundle)
    assert [each for each in files if "/manual/" in each] == ["inputs/manual/EV-1.txt"]
    assert files["inputs/manual/EV-1.txt"] == b"We met.\n"
    assert b'"brought_by":"ada"' in files["inputs/manual.json"]
    kinds = ("inputs/statement", "inputs/manual/", "evidence/blobs/", "results/items/CHG-01")
    names = [next(each for each in sorted(files) if each.startswith(kind)) for kind in kinds]
    told = files["ledger/changes.jsonl"].splitlines(keepends=True)
    broken = files | {name: changed(files[name]) for name in names}
    broken["ledger/changes.jsonl"] = b"".join([*told[:-4], *told[-3:]])
    found = performed(packed(tmp_path / "broken.zip", broken), tmp_path / "again").problems
    assert {*names, "ledger/changes.jsonl"} <= {problem.where for problem in found}
    assert "is not told" in str(found)


@pytest.fixture
def acme_collected(larkspur: Organization, says: Acme) -> Organization:
    """Larkspur with Acme, collected within the period."""
    decide(larkspur)
    collect(larkspur, 1, acme.CONNECTOR, ACME, None)
    return larkspur


def test_evidence_that_was_left_out_is_named_by_the_trail(
    larkspur: Organization, says: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes the bundle cannot choose which collections it shows."""
    says.events = [1, 2, 3]
    decide(larkspur)
    collect(larkspur, 1, acme.CONNECTOR, ACME, None)
    whole = gathered(larkspur, Period(FIRST, LAST))
    part = replace(whole, collections=whole.collections[:1])
    monkeypatch.setattr(examining, "write_reports", lambda *_, **__: None)
    monkeypatch.setattr(
        examining,
        "keep_examination",
        lambda **said: shutil.copyfile(said["folder"] / "bundle.zip", tmp_path / "bundle.zip"),
    )
    examined(larkspur, Gathering(lambda _: part, sources()))

    problems = performed(tmp_path / "bundle.zip", tmp_path / "again").problems

    assert problems[0].where == "inputs/evidence.json"
    assert "collection 2 of acme/events" in problems[0].what
    assert "was left out" in problems[0].what


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examinations without their PDFs, which take most of the time."""

    def write(folder: Path, *_: object, **__: object) -> None:
        for name in ("report.pdf", "report.html", "gap.pdf", "gap.html"):
            (folder / name).write_bytes(b"not rendered")

    monkeypatch.setattr(examining, "write_reports", write)


def test_a_population_is_frozen_after_the_period_and_a_later_change_is_an_exception(
    acme_collected: Organization,
    says: Acme,
    manager: Client,
    unrendered: None,
    tmp_path: Path,
) -> None:
    """Shown with both digests, in the bundle too, until somebody releases it for a reason."""
    before = examined(acme_collected).results["populations"]
    (frozen,) = FrozenPopulation.objects.all()
    assert (frozen.table, frozen.rows, frozen.examination) == ("acme.events", 0, 1)
    assert [(each["phase"], each["frozen"]) for each in before] == [("final", None)]
    says.events = [1, 2]
    run_connection(organization=acme_collected, number=1, by="ada", clock=Ticking())

    record = examined(acme_collected)

    (now,) = record.results["populations"]
    assert now["frozen"]["sha256"] == frozen.sha256 != now["sha256"]
    assert "a later collection has 2 rows" in now["changed"]
    assert FrozenPopulation.objects.count() == 1
    assert not performed(output_path(record, "bundle.zip"), tmp_path / "again").problems

    address = f"/o/larkspur/results/{record.number}/populations/acme.events/"
    page = manager.get(address).content.decode()
    assert "It is not what was frozen." in page
    assert frozen.sha256 in page
    found = {each["id"]: each for each in record.results["reconciliations"]}
    assert found["REC-01"]["conclusion"] == "unable to compare"
    assert found["REC-01"]["missing"] == ["population.accounts", "population.people"]
    page = manager.get(f"/o/larkspur/results/{record.number}/tests/REC-01/").content.decode()
    assert "Nothing was compared. That is no agreement." in page
    rows = b"".join(manager.get(f"{address}rows.csv")).decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in rows] == ["id", "1", "2"]
    assert manager.post(address, {"reason": " "}).status_code == 422
    reason = "Acme confirmed that two events came late."
    assert manager.post(address, {"reason": reason}).status_code == 302
    assert closing_of(acme_collected, Period(FIRST, LAST)).frozen == {}


@pytest.mark.parametrize(
    ("last", "days", "refusal"),
    [
        (LAST, {"first": date(2026, 8, 1)}, PeriodReversedError),
        (LAST, {"last": date(2027, 1, 1)}, PeriodInFutureError),
        (LAST, {"first": date(2019, 1, 1)}, PeriodTooLongError),
        (LAST, {"first": date(2025, 1, 1), "last": date(2025, 2, 1)}, NothingCollectedError),
    ],
)
def test_days_that_are_no_period_are_refused_and_leave_no_entry(
    acme_collected: Organization, last: date, days: dict[str, date], refusal: type[Exception]
) -> None:
    before = changes(acme_collected.log).count()
    with pytest.raises(refusal):
        examine_connections(
            organization=acme_collected,
            evidence=gathering(acme_collected),
            first=days.get("first"),
            last=days.get("last"),
            by="ada",
            clock=Ticking(),
        )
    assert changes(acme_collected.log).count() == before
    assert not (home() / "examinations" / f"{acme_collected.log}.work").exists()


def test_evidence_that_is_not_what_was_kept_is_refused(acme_collected: Organization) -> None:
    """Before anything is recorded: the bundle would only show it afterwards."""
    found = gathered(acme_collected, Period(FIRST, LAST))
    blob = found.collections[0][0].answers[0].blob
    path = found.stores[blob].path(blob)
    path.write_bytes(changed(path.read_bytes()))
    with pytest.raises(EvidenceLostError, match=blob):
        examined(acme_collected)


def test_the_page_says_why_nothing_was_examined(larkspur: Organization, manager: Client) -> None:
    answer = manager.post("/o/larkspur/results/", {"first": "no day"})
    assert answer.status_code == 422
    assert "is not a day" in answer.content.decode()
    answer = manager.post("/o/larkspur/results/", {})
    assert answer.status_code == 422
    assert "scope-open" in answer.content.decode()
