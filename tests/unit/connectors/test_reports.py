"""Reports of scanners and bills of materials: each format by its content, whole or refused."""

import gzip
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from collected import Collected, put
from reperform.connectors.content import NotReadError
from reperform.connectors.reports import BILLS, SCANS, bills, scans
from reperform.connectors.reports.folder import question
from reperform.connectors.reports.found import Component, Exploited, Finding, Report, Statement
from reperform.connectors.reports.kinds import reports
from reperform.connectors.reports.reading import COLLECTED
from reperform.connectors.settings import Access, read_settings

VULNERABILITIES = "population.vulnerabilities"
PURL = "pkg:npm/left-pad@1.0.0"


def sarif(*results: dict[str, Any], **run: object) -> dict[str, Any]:
    rules = [
        {"id": "js/sql", "properties": {"security-severity": "9.1"}},
        {"id": "js/style", "defaultConfiguration": {"level": "note"}},
    ]
    made = {"tool": {"driver": {"name": "CodeQL", "rules": rules}}, "results": list(results)}
    return {"version": "2.1.0", "$schema": "sarif-2.1.0.json", "runs": [made | run]}


def result(rule: str, place: str = "a.js", **more: object) -> dict[str, Any]:
    where = {"physicalLocation": {"artifactLocation": {"uri": place}, "region": {"startLine": 3}}}
    return {"ruleId": rule, "message": {"text": f"{rule} here"}, "locations": [where], **more}


def trivy(*cves: str, at: str = "2026-03-01T10:00:00Z", target: str = "app:1") -> dict[str, Any]:
    found = [
        {
            "VulnerabilityID": cve,
            "PkgName": "left-pad",
            "InstalledVersion": "1.0.0",
            "FixedVersion": "1.0.1",
            "PkgIdentifier": {"PURL": PURL},
            "Severity": "HIGH",
            "Status": "fixed",
        }
        for cve in cves
    ]
    results = [{"Target": "package-lock.json", "Vulnerabilities": found}]
    head = {"SchemaVersion": 2, "CreatedAt": at, "ArtifactName": target}
    return {**head, "ArtifactType": "container_image", "Results": results}


def grype() -> dict[str, Any]:
    weak = {"id": "GHSA-1", "severity": "Negligible", "fix": {"versions": ["2"], "state": "fixed"}}
    match = {
        "vulnerability": weak,
        "relatedVulnerabilities": [{"id": "CVE-2026-1"}],
        "artifact": {"name": "left-pad", "version": "1.0.0", "purl": PURL},
    }
    head = {"name": "grype", "version": "0.9", "timestamp": "2026-03-01T10:00:00Z"}
    ignored = [match | {"appliedIgnoreRules": [{"reason": "not reached"}]}]
    source = {"target": {"userInput": "app:1"}}
    return {"matches": [match], "ignoredMatches": ignored, "source": source, "descriptor": head}


def ocsf(code: str, check: str = "root_mfa", **more: object) -> dict[str, Any]:
    return {
        "class_uid": 2004,
        "time": 1772359200,
        "severity": "Critical",
        "status_code": code,
        "status_id": 1,
        "status": "New",
        "metadata": {"version": "1.4.0", "event_code": check, "product": {"name": "Prowler"}},
        "finding_info": {"uid": f"{check}-1", "title": check},
        "cloud": {"provider": "aws", "account": {"uid": "111122223333"}},
        "resources": [{"uid": "arn:aws:iam::111122223333:root"}],
        **more,
    }


def openvex(status: str, product: str = PURL, at: str = "2026-03-02T00:00:00Z") -> dict[str, Any]:
    stated = {
        "vulnerability": {"name": "CVE-2026-1"},
        "products": [{"@id": product}],
        "status": status,
        "justification": "vulnerable_code_not_in_execute_path",
    }
    context = "https://openvex.dev/ns/v0.2.0"
    return {"@context": context, "author": "us", "timestamp": at, "statements": [stated]}


def kev(*cves: str, count: int | None = None) -> dict[str, Any]:
    listed = [{"cveID": each, "dateAdded": "2026-02-01", "dueDate": "2026-02-22"} for each in cves]
    counted = len(cves) if count is None else count
    head = {"catalogVersion": "2026.03.01", "dateReleased": "2026-03-01T00:00:00Z"}
    return {**head, "count": counted, "vulnerabilities": listed}


def cyclonedx(**more: object) -> dict[str, Any]:
    said = {"name": "left-pad", "version": "1.0.0", "bom-ref": "a", "purl": PURL}
    part = {"type": "library", "licenses": [{"license": {"id": "MIT"}}], **said}
    head = {"timestamp": "2026-03-01T10:00:00Z", "component": {"name": "app", "version": "1"}}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": head,
        "components": [part],
    } | more


BOM_XML = b"""<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
<metadata><timestamp>2026-03-01T10:00:00Z</timestamp><component type="application">
<name>app</name><version>1</version></component></metadata>
<components><component type="library" bom-ref="a"><name>left-pad</name><version>1.0.0</version>
<licenses><license><id>MIT</id></license></licenses><purl>pkg:npm/left-pad@1.0.0</purl>
</component></components></bom>"""
NESSUS = b"""<NessusClientData_v2><Report name="r"><ReportHost name="db.example.org">
<HostProperties><tag name="HOST_END_TIMESTAMP">1772359200</tag></HostProperties>
<ReportItem port="443" protocol="tcp" severity="3" pluginID="10" pluginName="Old TLS">
<cve>CVE-2026-1</cve><cve>CVE-2026-2</cve><risk_factor>High</risk_factor></ReportItem>
<ReportItem port="0" protocol="tcp" severity="0" pluginID="11" pluginName="OS"/>
</ReportHost></Report></NessusClientData_v2>"""
XCCDF = b"""<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2">
<Rule id="ssh" severity="high"><title>No root by SSH</title></Rule>
<TestResult end-time="2026-03-01T10:00:00Z"><target>web1</target>
<rule-result idref="ssh"><result>fail</result></rule-result>
<rule-result idref="ssh2" severity="low"><result>error</result></rule-result>
<rule-result idref="ssh3"><result>pass</result></rule-result>
</TestResult></Benchmark>"""
SPDX = {
    "spdxVersion": "SPDX-2.3",
    "name": "app",
    "creationInfo": {"created": "2026-03-01T10:00:00Z", "creators": ["Tool: syft"]},
    "packages": [
        {
            "name": "left-pad",
            "versionInfo": "1.0.0",
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "MIT",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": PURL}],
        }
    ],
}
SPDX_TAGS = b"""SPDXVersion: SPDX-2.3
DocumentName: app
Creator: Tool: syft
Created: 2026-03-01T10:00:00Z
PackageName: left-pad
PackageVersion: 1.0.0
PackageLicenseDeclared: MIT
PackageComment: <text>PackageName: not-one
PackageVersion: 9</text>
ExternalRef: PACKAGE-MANAGER purl pkg:npm/left-pad@1.0.0
"""


def raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def one(value: object) -> Report:
    (report,) = reports(raw(value))
    return report


def findings(value: object) -> list[Finding]:
    return [each for each in one(value).items if isinstance(each, Finding)]


def access(folder: Path, **settings: str) -> Access:
    found, problems = read_settings(SCANS.settings, {"folder": str(folder), **settings})
    assert problems == []
    return found


def collected(
    tmp_path: Path, files: Mapping[str, object], connector: ModuleType = scans, **settings: str
) -> Collected:
    place = tmp_path / "reports"
    for name, value in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(raw(value))
    asked = question(connector.STREAM, access(place, **settings), connector.refuses)
    return put(asked, connector.SOURCE, tmp_path)


def test_a_sarif_rule_with_a_security_score_is_ranked_by_it_and_another_by_its_level(
    tmp_path: Path,
) -> None:
    """A level says how sure the tool is; a score says how bad it is."""
    log = sarif(
        result("js/sql"), result("js/style"), invocations=[{"endTimeUtc": "2026-03-01T10:00:00Z"}]
    )
    found = collected(tmp_path, {"code.sarif": log})
    assert [(row["severity_said"], row["severity"]) for row in found.of("scans.findings")] == [
        ("warning", "critical"),
        ("note", "low"),
    ]
    assert [row["resource"] for row in found.of(VULNERABILITIES)] == ["a.js:3", "a.js:3"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"suppressions": [{"kind": "external", "status": "accepted"}]}, "dismissed"),
        ({"suppressions": [{"kind": "inSource"}]}, "dismissed"),
        (
            {"suppressions": [{"kind": "external"}, {"kind": "external", "status": "rejected"}]},
            "open",
        ),
        ({"suppressions": []}, "open"),
        ({"baselineState": "absent"}, "fixed"),
        ({"kind": "pass"}, "passed"),
        ({"kind": "something new"}, "not known"),
    ],
)
def test_a_sarif_result_is_dismissed_only_when_every_suppression_is_accepted(
    more: dict[str, Any], status: str
) -> None:
    """One reviewer who refused leaves it open (SARIF 2.1.0, 3.27.23)."""
    assert [each.status for each in findings(sarif(result("js/sql", **more)))] == [status]


def test_trivys_word_fixed_means_that_a_fix_exists_and_not_that_it_is_installed() -> None:
    """What is open does not become fixed by a word."""
    (found,) = findings(trivy("CVE-2026-1"))
    assert (found.status, found.status_said, found.fixed_in) == ("open", "fixed", "1.0.1")


def test_what_grype_was_told_to_ignore_is_there_and_dismissed() -> None:
    """A rule in somebody's configuration hides nothing."""
    shown, ignored = findings(grype())
    assert (shown.status, shown.cves, shown.severity) == ("open", ("CVE-2026-1",), "Negligible")
    assert (ignored.status, ignored.reason) == ("dismissed", "not reached")


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (ocsf("FAIL"), "open"),
        (ocsf("PASS"), "passed"),
        (ocsf("MANUAL"), "not known"),
        (ocsf("FAIL", status="Suppressed", status_id=3), "dismissed"),
        (ocsf("", class_uid=2003, compliance={"status_id": 3}), "open"),
        (ocsf("", class_uid=2002, status_id=99), "not known"),
    ],
)
def test_an_event_of_ocsf_has_the_verdict_that_its_product_wrote(
    event: dict[str, Any], status: str
) -> None:
    """Prowler's checks, compliance findings, and statuses that the schema does not know."""
    assert [each.status for each in findings([event])] == [status]


def test_events_of_ocsf_say_the_same_as_a_list_as_lines_and_as_parquet(tmp_path: Path) -> None:
    """The container says nothing of the content."""
    events = [ocsf("FAIL"), ocsf("PASS", "no_keys")]
    source, target = tmp_path / "a.json", tmp_path / "a.parquet"
    source.write_bytes(raw(events))
    duckdb.sql(f"COPY (FROM read_json('{source}')) TO '{target}' (FORMAT parquet)")
    lines = b"\n".join(map(raw, events))
    listed = findings(events)
    assert [each.rule for each in listed] == ["root_mfa", "no_keys"]
    assert findings(lines) == listed
    assert findings(target.read_bytes()) == listed
    assert findings(gzip.compress(raw(events))) == listed


def test_nessus_names_each_host_and_holds_information_against_none() -> None:
    """A plug-in of severity 0 tells of a host; it is no finding against it."""
    report = one(NESSUS)
    assert (report.target, report.made_at) == ("db.example.org", 1772359200.0)
    tls, system = findings(NESSUS)
    assert (tls.resource, tls.cves) == ("db.example.org:443/tcp", ("CVE-2026-1", "CVE-2026-2"))
    assert system.status == "not applicable"


def test_a_rule_that_could_not_be_checked_is_not_known_and_never_passed(tmp_path: Path) -> None:
    """XCCDF's `error` is no result; it is NULL in the table."""
    found = collected(tmp_path, {"ssh.xml": XCCDF})
    rows = {row["rule"]: row for row in found.of("scans.findings")}
    assert {rule: row["status"] for rule, row in rows.items()} == {
        "ssh": "open",
        "ssh2": None,
        "ssh3": "passed",
    }
    assert rows["ssh"]["title"] == "No root by SSH"


@pytest.mark.parametrize(
    "bill",
    [cyclonedx(), BOM_XML, SPDX, SPDX_TAGS],
    ids=["CycloneDX JSON", "CycloneDX XML", "SPDX JSON", "SPDX tags"],
)
def test_a_component_is_the_same_in_every_format_of_bills(bill: object) -> None:
    """Four ways to write one part."""
    (part,) = one(bill).items
    assert isinstance(part, Component)
    assert (part.name, part.version, part.purl, part.licenses) == (
        "left-pad",
        "1.0.0",
        PURL,
        ("MIT",),
    )


def test_a_statement_and_the_catalog_add_columns_and_drop_no_row(tmp_path: Path) -> None:
    """Somebody's word that a product is not affected is shown beside the finding."""
    files = {
        "app.json": trivy("CVE-2026-1", "CVE-2026-2"),
        "vex.json": openvex("not_affected", f"{PURL}?arch=amd64"),
        "kev.json": kev("CVE-2026-2"),
    }
    found = collected(tmp_path, files)
    rows = {row["cves"]: row for row in found.of("scans.findings")}
    first, second = rows["CVE-2026-1"], rows["CVE-2026-2"]
    assert (first["vex_status"], first["vex_file"], first["is_exploited"]) == (
        "not_affected",
        "vex.json",
        False,
    )
    assert (second.get("vex_status"), second["is_exploited"]) == (None, True)
    assert second["exploited_due_on"] == "2026-02-22"
    assert [row["status"] for row in found.of(VULNERABILITIES)] == ["open", "open"]


def test_a_statement_of_another_product_says_nothing_of_this_one(tmp_path: Path) -> None:
    """The same CVE in another package may well be reached."""
    files = {
        "app.json": trivy("CVE-2026-1"),
        "vex.json": openvex("not_affected", "pkg:npm/other@1"),
    }
    (row,) = collected(tmp_path, files).of("scans.findings")
    assert "vex_status" not in row


def test_two_statements_of_one_moment_that_differ_are_conflicting(tmp_path: Path) -> None:
    """Nobody chooses the friendlier one; a later one stands."""
    both = {"a.json": openvex("not_affected"), "b.json": openvex("affected")}
    (row,) = collected(tmp_path, {"app.json": trivy("CVE-2026-1"), **both}).of("scans.findings")
    assert row["vex_status"] == "conflicting"
    later = openvex("affected", at="2026-03-03T00:00:00Z")
    (row,) = collected(tmp_path, {"b.json": later}).of("scans.findings")
    assert row["vex_status"] == "affected"


def test_without_a_catalog_nobody_knows_whether_it_is_exploited(tmp_path: Path) -> None:
    """NULL is not no."""
    found = collected(tmp_path, {"app.json": trivy("CVE-2026-1")})
    assert "is_exploited" not in found.of("scans.findings")[0]
    assert found.covers["scans.exploited"].last is None


def test_a_finding_is_fixed_when_the_next_report_of_the_target_does_not_name_it(
    tmp_path: Path,
) -> None:
    """Its age counts from the oldest report, and it ended at the first that lacks it."""
    files = {
        "1.json": trivy("CVE-2026-1", "CVE-2026-2", at="2026-01-01T00:00:00Z"),
        "2.json": trivy("CVE-2026-1", at="2026-02-01T00:00:00Z"),
        "3.json": trivy("CVE-2026-1", "CVE-2026-1", at="2026-03-01T00:00:00Z"),
    }
    found = collected(tmp_path, files)
    rows = {row["cve"]: row for row in found.of(VULNERABILITIES)}
    assert len(found.of(VULNERABILITIES)) == len(rows)
    one, two = rows["CVE-2026-1"], rows["CVE-2026-2"]
    assert (one["status"], one["found_at"]) == ("open", "2026-01-01 00:00:00")
    assert (two["status"], two["closed_at"]) == ("fixed", "2026-02-01 00:00:00")
    assert two["closed_reason"] == "2.json of 2026-02-01 00:00:00 does not name it any more"
    notes = {row["file"]: row.get("note") for row in found.of("scans.files")}
    assert notes["3.json"] == "1 of 2 are said twice: counted once"


@pytest.mark.parametrize(
    "other",
    [
        trivy(at="2026-03-01T00:00:00Z", target="other:1"),
        trivy(at="", target="app:1"),
        trivy(at="2025-03-01T00:00:00Z", target="app:1"),
    ],
    ids=["another target", "no date", "older"],
)
def test_only_a_later_report_of_the_same_target_ends_a_finding(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    """A report that does not say what it looked at, or when, fixes nothing."""
    files = {"app.json": trivy("CVE-2026-1", at="2026-02-01T00:00:00Z"), "other.json": other}
    assert [row["status"] for row in collected(tmp_path, files).of(VULNERABILITIES)] == ["open"]


def test_reports_without_a_name_of_their_target_follow_each_other_in_no_folder(
    tmp_path: Path,
) -> None:
    """Two repositories that were scanned as `.` are not each other's history."""
    files = {
        "one.json": trivy("CVE-2026-1", at="2026-02-01T00:00:00Z", target="."),
        "two.json": trivy(at="2026-03-01T00:00:00Z", target="."),
    }
    assert [row["status"] for row in collected(tmp_path, files).of(VULNERABILITIES)] == ["open"]


def test_the_reports_vouch_for_the_day_they_were_made_and_not_for_that_of_collecting(
    tmp_path: Path,
) -> None:
    """A report of last month says nothing of today."""
    found = collected(tmp_path, {"app.json": trivy("CVE-2026-1", at="2026-02-01T23:30:00-03:00")})
    cover = found.covers[VULNERABILITIES]
    assert (cover.first, cover.last, cover.is_whole) == (date(2026, 2, 2), date(2026, 2, 2), True)


def test_a_report_without_a_date_vouches_for_no_day_unless_a_job_writes_it_anew(
    tmp_path: Path,
) -> None:
    """Nobody guesses when it was made; whoever connects it may state it."""
    files: Mapping[str, object] = {"code.sarif": sarif(result("js/sql"))}
    silent = collected(tmp_path, files).covers[VULNERABILITIES]
    assert (silent.last, silent.missing) == (None, "code.sarif: nothing says when it was made")
    stated = collected(tmp_path, files, undated=COLLECTED).covers[VULNERABILITIES]
    assert stated.last is not None
    assert stated.is_whole


def test_a_target_whose_newest_report_is_old_is_named(tmp_path: Path) -> None:
    """One fresh report does not stand for another target."""
    files = {
        "a.json": trivy(at="2026-03-01T00:00:00Z", target="app:1"),
        "b.json": trivy(at="2026-01-01T00:00:00Z", target="db:1"),
    }
    cover = collected(tmp_path, files).covers[VULNERABILITIES]
    assert not cover.is_whole
    assert cover.missing == "b.json: the newest report of db:1 is of 2026-01-01"
    assert collected(tmp_path, files, apart="90").covers[VULNERABILITIES].is_whole


def test_a_run_that_did_not_succeed_is_not_whole(tmp_path: Path) -> None:
    """No results of a tool that fell over are no clean code."""
    fell = [{"executionSuccessful": False, "endTimeUtc": "2026-03-01T10:00:00Z"}]
    cover = collected(tmp_path, {"a.sarif": sarif(invocations=fell)}).covers[VULNERABILITIES]
    assert (cover.is_whole, cover.missing) == (False, "a.sarif: a run says that it did not succeed")


def test_a_time_without_a_zone_is_known_only_when_somebody_stated_the_zone(tmp_path: Path) -> None:
    """OpenSCAP writes local times."""
    files: Mapping[str, object] = {"ssh.xml": XCCDF.replace(b"10:00:00Z", b"10:00:00")}
    assert "made_at" not in {
        key: value
        for row in collected(tmp_path, files).of("scans.files")
        for key, value in row.items()
        if value
    }
    rows = collected(tmp_path, files, zone="Asia/Tokyo").of("scans.files")
    assert [row["made_at"] for row in rows] == ["2026-03-01 01:00:00"]
    _, problems = read_settings(SCANS.settings, {"folder": "/x", "zone": "Mars/Olympus"})
    assert [each.where for each in problems] == ["zone"]


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
REFUSED = {
    "nothing": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "cut off": (raw(trivy("CVE-2026-1"))[:-9], "is not JSON to its end"),
    "a cut off gzip": (gzip.compress(raw(trivy()))[:-9], "is cut off"),
    "latin-1": (raw(trivy()).replace(b"app:1", b"\xe4pp"), "is not text"),
    "too deep": (b"[" * 100_000, "is nested too deep"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "is a picture"),
    "a PDF": (b"%PDF-1.7", "is a PDF"),
    "entities": (BOMB, "declares a document type or entities"),
    "other XML": (b"<html><body/></html>", "its outermost element is html"),
    "cut off XML": (NESSUS[:-30], "is not XML to its end"),
    "deep XML": (b"<a>" * 300 + b"</a>" * 300, "holds more elements, or deeper ones"),
    "other JSON": ({"hello": 1}, "is JSON of no format that is read: an object with hello"),
    "an empty list": ([], "is JSON of no format that is read: a list of 0"),
    "text": (b"all is well\n", "is neither JSON, XML, Parquet nor SPDX's tags"),
    "no run": ({"version": "2.1.0", "runs": []}, "holds no result of anything"),
    "cut off Parquet": (b"PAR1abc", "is cut off"),
    "no Parquet": (b"PAR1abcdefghPAR1", "is not Parquet that can be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_whole_report_is_refused_by_name(tmp_path: Path, case: str) -> None:
    """The others count, and the collection says that it is not whole."""
    content, why = REFUSED[case]
    found = collected(tmp_path, {"app.json": trivy("CVE-2026-1"), "x.json": content})
    assert found.outcome == "partial"
    (answer,) = [each for each in found.collection.answers if each.refused]
    assert answer.name == "file x.json"
    assert why in answer.refused
    cover = found.covers[VULNERABILITIES]
    assert not cover.is_whole
    assert cover.missing.startswith("x.json ")


def test_a_gzip_that_unpacks_without_end_is_refused() -> None:
    """A few kilobytes do not fill the memory."""
    with pytest.raises(NotReadError, match="unpacks to more than"):
        reports(gzip.compress(bytes(80 << 20)))


def test_each_connector_sends_the_other_kind_of_file_to_the_other(tmp_path: Path) -> None:
    """A bill among reports is no scan that found nothing."""
    at_scans = collected(tmp_path, {"bom.json": cyclonedx()})
    assert "connect those as `bills`" in at_scans.collection.reason
    assert at_scans.covers[VULNERABILITIES].last is None
    (tmp_path / "reports" / "bom.json").unlink()
    at_bills = collected(tmp_path, {"app.json": trivy()}, bills)
    assert "connect those as `scans`" in at_bills.collection.reason


def test_an_empty_folder_is_refused_and_not_a_clean_scan(tmp_path: Path) -> None:
    """A job that stopped writing leaves nothing behind."""
    (tmp_path / "reports").mkdir()
    found = collected(tmp_path, {})
    assert found.outcome == "refused"
    assert "it holds no file" in found.collection.reason


def test_a_bill_with_vulnerabilities_is_read_by_both(tmp_path: Path) -> None:
    """Components by one, findings by the other, each with the part that it is in."""
    weak = [{"id": "CVE-2026-1", "ratings": [{"severity": "high"}], "affects": [{"ref": "a"}]}]
    found = collected(tmp_path, {"bom.json": cyclonedx(vulnerabilities=weak)})
    (row,) = found.of(VULNERABILITIES)
    assert (row["cve"], row["package"], row["severity"]) == ("CVE-2026-1", "left-pad", "high")
    parts = collected(tmp_path, {}, bills).of("bills.components")
    assert [part["name"] for part in parts] == ["left-pad"]


def test_a_document_of_statements_alone_finds_nothing() -> None:
    """What is stated of a vulnerability is no sign that it is there."""
    stated = {
        "id": "CVE-2026-1",
        "analysis": {"state": "false_positive"},
        "affects": [{"ref": "urn:cdx:1/1#p"}],
    }
    (item,) = one(cyclonedx(components=[], vulnerabilities=[stated])).items
    assert isinstance(item, Statement)
    assert (item.status, item.products) == ("not_affected", ("p",))


def test_a_catalog_that_holds_fewer_entries_than_it_announces_says_so() -> None:
    """A catalog that was cut by hand is not the catalog."""
    report = one(kev("CVE-2026-2", count=3))
    assert report.lacks == ("it announces 3 entries and holds 1",)
    assert [each.cve for each in report.items if isinstance(each, Exploited)] == ["CVE-2026-2"]


def test_an_unknown_version_is_read_and_says_so() -> None:
    """A version of next year is not refused for its number."""
    assert one(cyclonedx(specVersion="9.9")).notes == ("version 9.9 is read as 1.7",)
    log = sarif(result("js/sql"))
    assert one(log | {"version": "3.0"}).notes == ("version 3.0 is read as 2.1.0",)


def test_a_link_and_a_hidden_file_are_not_read(tmp_path: Path) -> None:
    """A folder that others fill does not lead anywhere else."""
    place = tmp_path / "reports"
    place.mkdir()
    (tmp_path / "secret").write_text("x")
    (place / "link.json").symlink_to(tmp_path / "secret")
    found = collected(tmp_path, {"app.json": trivy(), ".DS_Store": b"x"})
    assert found.collection.reason == "file link.json: is not an ordinary file"


def test_both_declare_a_check_that_counts_the_files(tmp_path: Path) -> None:
    """The test button reads names, and no file."""
    (tmp_path / "a.json").write_bytes(b"anything")
    for connector in (SCANS, BILLS):
        assert connector.check(access(tmp_path)).reached == f"{tmp_path}: 1 files"
