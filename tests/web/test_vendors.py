"""The pages of vendors: entered, reviewed with a SOC report, compared with the scope, ended."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.installed import catalog
from reperform.ledger.models import Change
from reperform.program.actions.control_keeping import NewControl
from reperform.program.actions.controls import adopt_controls
from reperform.program.actions.scope import change_scope
from reperform.program.actions.vendors import make_vendor
from reperform.program.controls.document import library_document
from reperform.program.gap.traces import TraceState
from reperform.program.models import (
    KeptFile,
    ScopeVersion,
    SocReport,
    Vendor,
    VendorCondition,
    VendorReview,
)
from reperform.program.queries import current_scope
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.queries.vendor_traces import vendor_traces
from reperform.program.scope.document import Expectation, ScopeDocument, Subservice
from reperform.program.vendors import VendorFields

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
TODAY = datetime.now(UTC).date()
CLOUD = VendorFields(
    "Tamarack Cloud",
    "Computing",
    criticality="critical",
    is_subservice=True,
    started_on=date(2026, 1, 5),
)
SCOPE = ScopeDocument(
    system="Invoicing",
    type=2,
    first=date(2025, 8, 1),
    last=date(2026, 7, 31),
    subservices=(
        Subservice(
            "Tamarack Cloud",
            "Computing",
            "carve-out",
            (Expectation("Data centers are guarded", ("CC6.4",)),),
            None,
        ),
    ),
)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/vendors/"


def enter(organization: Organization, fields: VendorFields = CLOUD) -> Vendor:
    return make_vendor(organization=organization, fields=fields, by="ada", at=AT)


def decide(organization: Organization, scope: ScopeDocument = SCOPE) -> None:
    change_scope(
        organization=organization,
        scope=scope,
        seen=current_scope(organization).number,
        library=catalog().digest,
        by="ada",
        at=AT,
    )


def adopt(organization: Organization, code: str) -> None:
    found = next(each for each in catalog().controls if each.id == code)
    new = NewControl(code, library_document(found), library_id=code)
    adopt_controls(organization=organization, controls=[new], by="ada", at=AT)


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return " ".join(unescape(answer.content.decode()).split())


def entry(log: str, act: str) -> dict[str, Any]:
    found = Change.objects.filter(log=log, act=act).latest("pk")
    content: dict[str, Any] = json.loads(bytes(found.content or b"")[32:])
    return content


def pdf(name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 invented", "application/pdf")


REPORT = {
    "kind": "SOC 2",
    "type": "2",
    "first": "2025-07-01",
    "last": "2026-06-30",
    "auditor": "Holm CPAs",
    "opinion": "unqualified",
    "categories": ["security"],
}
REVIEW = {
    "seen": "2",
    "kind": "before start",
    "reviewed_on": "2026-02-01",
    "looked_at": ["SOC report"],
    "report": "1",
    "findings": "Nothing that concerns us",
    "outcome": "acceptable with conditions",
    "conditions": "2026-03-01 Turn on single sign-on",
}


def test_an_empty_register_says_what_to_do(manager: Client, home: str) -> None:
    assert "There is no vendor yet." in said(manager.get(home))


def test_a_vendor_is_entered_and_its_number_and_undecided_facts_are_shown(
    manager: Client, home: str, larkspur: Organization
) -> None:
    owner = Membership.objects.get(user__email="compliance_manager@larkspur.example")
    answer = manager.post(
        f"{home}new/",
        {
            "name": "Kestrel <b>Mail</b>",
            "service": "Sends mail",
            "owner": str(owner.pk),
            "criticality": "high",
            "data": "Invoices\nNames",
            "website": "https://kestrel.example",
        },
    )

    assert answer.headers["Location"] == f"{home}1/"
    row = Vendor.objects.get(organization=larkspur)
    assert (row.owner, row.data, row.is_subservice) == (owner, ["Invoices", "Names"], None)
    page = manager.get(f"{home}1/")
    assert "<b>Mail" not in page.content.decode()
    assert "Not decided: Subservice organization" in said(page)
    assert entry(larkspur.log, "vendor.made")["after"]["owner"] == owner.user.email


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": ""}, "Name is empty"),
        ({"website": "javascript:alert(1)"}, "Website is no address of a page"),
        ({"owner": "999999"}, "Owner is not a member of the organization"),
        ({"name": "TAMARACK cloud"}, "Name is taken by vendor 1"),
        ({"criticality": "vast"}, "Criticality is none of the classes"),
    ],
)
def test_a_vendor_with_a_problem_is_not_entered_and_what_was_written_stays(
    manager: Client, home: str, larkspur: Organization, sent: dict[str, str], message: str
) -> None:
    enter(larkspur)
    answer = manager.post(f"{home}new/", {"name": "New", "service": "x", "note": "kept", **sent})

    assert answer.status_code == 422
    assert message in said(answer)
    assert "kept" in said(answer)
    assert Vendor.objects.count() == 1


def test_two_who_change_a_vendor_at_once_lose_nothing(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)
    first = {"name": "Tamarack Cloud", "service": "Theirs", "seen": "1"}
    manager.post(f"{home}1/edit/", first)

    answer = manager.post(f"{home}1/edit/", first | {"service": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in said(answer)
    assert 'value="Mine"' in said(answer)
    assert Vendor.objects.get().service == "Theirs"


def test_another_organizations_vendors_members_and_reports_are_not_found(
    manager: Client, home: str, larkspur: Organization, stranger: User
) -> None:
    other = Organization.objects.get(slug="other")
    enter(other)
    outsider = stranger.memberships.get()

    for page in ("1/", "1/edit/", "1/end/", "1/review/", "1/reports/new/", "1/reports/1/"):
        assert manager.get(home + page).status_code == 404, page
    enter(larkspur)
    owned = manager.post(f"{home}new/", {"name": "x", "service": "x", "owner": str(outsider.pk)})
    review = manager.post(f"{home}1/review/", REVIEW | {"seen": "1", "report": "1"})

    assert [owned.status_code, review.status_code] == [422, 422]
    assert not VendorReview.objects.exists()


def test_a_start_before_the_first_review_stays_visible(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Also after later reviews, and after the vendor ended."""
    enter(larkspur)
    assert "started, never assessed" in said(manager.get(home))
    own = REVIEW | {"looked_at": ["own checks"], "report": "", "seen": "1"}
    manager.post(f"{home}1/review/", own)
    manager.post(f"{home}1/review/", own | {"reviewed_on": "2026-07-01", "seen": "2"})

    words = "It started 27 days before anybody assessed it"
    assert words in said(manager.get(f"{home}1/"))
    manager.post(f"{home}1/end/", {"seen": "3", "ended_on": "2026-07-31", "end_reason": "Too dear"})
    assert words in said(manager.get(f"{home}1/"))
    assert "27 days before its assessment" in said(manager.get(f"{home}?show=unassessed"))


def test_more_proofs_than_are_kept_are_refused_together(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """None is left out in silence."""
    enter(larkspur)
    own = REVIEW | {"looked_at": ["own checks"], "report": "", "seen": "1"}

    answer = manager.post(f"{home}1/review/", own | {"proofs": [pdf() for _ in range(11)]})

    assert answer.status_code == 422
    assert "are more than 10" in unescape(answer.content.decode())
    assert not KeptFile.objects.exists()
    assert not VendorReview.objects.exists()
    assert (
        manager.post(f"{home}1/review/", own | {"proofs": [pdf() for _ in range(10)]}).status_code
        == 302
    )
    assert KeptFile.objects.count() == 10


def test_a_report_is_taken_in_read_and_reviewed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Period, exceptions, CUECs and expected controls; each open point is named until it is not."""
    enter(larkspur)
    decide(larkspur)
    adopt(larkspur, "AC-03")

    answer = manager.post(f"{home}1/reports/new/", REPORT | {"file": pdf()})
    assert answer.headers["Location"] == f"{home}1/reports/1/"
    page = said(manager.get(f"{home}1/reports/1/"))
    assert "No report covers 31 days, 2026-07-01 to 2026-07-31 of our period." in page
    assert "None is written down; almost every report has some." in page

    at = f"{home}1/reports/1/"
    bridge = {"bridge_last": "2026-07-31", "seen": "1", "file": pdf("bridge.pdf")}
    assert manager.post(f"{at}bridge/", bridge).status_code == 302
    manager.post(f"{at}cuecs/", {"seen": "2", "more": "MFA is on\nKeys are kept"})
    assert "2 of 2 are neither answered" in said(manager.get(at))
    rows = {
        "0-text": "MFA is on",
        "0-controls": "AC-03",
        "1-text": "Keys are kept",
        "1-not_applicable": "We hold none",
    }
    manager.post(f"{at}cuecs/", {"seen": "3", **rows})
    exception = {
        "0-deviation": "2 of 25 late",
        "0-is_relevant": "yes",
        "0-reason": "They reach our data",
        "0-compensating": "AC-03",
    }
    manager.post(f"{at}exceptions/", {"seen": "4", **exception})
    asked = said(manager.get(f"{at}expected/"))
    assert "Data centers are guarded" in asked
    found = {
        "0-text": "Data centers are guarded",
        "0-is_evidenced": "yes",
        "0-where": "PE-1, page 44",
    }
    manager.post(f"{at}expected/", {"seen": "5", **found})

    page = said(manager.get(at))
    assert "No check is open." in page
    assert "A bridge letter covers 31 days, 2026-07-01 to 2026-07-31" in page
    report = SocReport.objects.get()
    assert report.cuecs[0]["controls"] == ["AC-03"]
    assert [each.name for each in KeptFile.objects.order_by("number")] == [
        "report.pdf",
        "bridge.pdf",
    ]

    manager.post(f"{home}1/review/", REVIEW | {"proofs": [pdf("a.pdf"), pdf("b.pdf")]})
    review = VendorReview.objects.get()
    assert review.report == report
    assert review.proofs.count() == 2
    assert Vendor.objects.get().due_on == date(2027, 2, 1)
    assert entry(larkspur.log, "vendor.reviewed")["after"]["proofs"][0]["name"] == "a.pdf"


@pytest.mark.parametrize(
    ("part", "rows", "message"),
    [
        ("cuecs", {"0-text": "MFA", "0-controls": "NOPE-9"}, "names NOPE-9, which is no control"),
        ("exceptions", {"0-deviation": "x", "0-is_relevant": "no"}, "Why it does, or does not is"),
        ("expected", {"0-text": "x", "0-is_evidenced": "yes"}, "Where is empty"),
        ("bridge", {"bridge_last": "2026-01-01"}, "is not after the last day of the report"),
        ("facts", {"last": "soon"}, "is not a day"),
    ],
)
def test_a_part_of_a_report_with_a_problem_is_not_saved_and_stays_in_the_form(
    manager: Client, larkspur: Organization, part: str, rows: dict[str, str], message: str
) -> None:
    home = f"/o/{larkspur.slug}/vendors/"
    enter(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)

    answer = manager.post(f"{home}1/reports/1/{part}/", {"seen": "1", **rows})

    assert answer.status_code == 422
    assert message in said(answer)
    assert all(value in said(answer) for value in rows.values())
    assert SocReport.objects.get().version == 1


def test_two_who_read_a_report_at_once_lose_nothing(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)
    manager.post(f"{home}1/reports/1/cuecs/", {"seen": "1", "0-text": "Theirs"})

    answer = manager.post(f"{home}1/reports/1/cuecs/", {"seen": "1", "0-text": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in said(answer)
    assert "Mine" in said(answer)
    assert [each["text"] for each in SocReport.objects.get().cuecs] == ["Theirs"]


def test_register_and_scope_are_compared_and_each_difference_has_its_way_to_be_fixed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    decide(larkspur)
    assert "the register does not know it" in said(manager.get(f"{home}scope/"))
    enter(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)
    enter(larkspur, VendorFields("Birchpay", "Payments", is_subservice=True))

    page = said(manager.get(f"{home}scope/"))

    assert "The scope's method is carve-out, the register's not decided." in page
    assert "the scope has none of this name" in page
    assert "SOC 2 Type 2, 2025-07-01 to 2026-06-30; the scope has none." in page


def test_a_report_goes_into_the_scope_as_a_version_of_its_own(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """With the version that was seen, and nothing else of the scope changed."""
    enter(larkspur)
    decide(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)
    at = f"{home}1/reports/1/scope/"

    stale = manager.post(at, {"seen": "0"})
    done = manager.post(at, {"seen": "1"})

    assert [stale.status_code, done.status_code] == [409, 302]
    first, second = ScopeVersion.objects.order_by("number")
    report = second.content["subservices"][0].pop("report")
    first.content["subservices"][0].pop("report")
    assert report == {"title": "SOC 2 Type 2", "first": "2025-07-01", "last": "2026-06-30"}
    assert second.content == first.content
    assert "The scope names this report, with these days." in said(
        manager.get(f"{home}1/reports/1/")
    )


def test_a_report_that_covers_the_period_is_kept_only_once_it_was_read(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Its days alone say nothing of its opinion and exceptions."""
    enter(larkspur)
    decide(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)
    row = SocReport.objects.get()
    row.first, row.last, row.opinion, row.exceptions = date(2025, 1, 1), date(2027, 1, 1), "", []
    row.save()

    def states() -> set[TraceState]:
        asked = TracesAsked(larkspur, date(2026, 8, 1), SCOPE, {})
        name = CLOUD.name
        return {each.state for each in vendor_traces(asked) if each.said.startswith(f"{name}: ")}

    assert states() == {TraceState.NOT_CHECKED}
    row.opinion = "unqualified"
    row.save()
    assert states() == {TraceState.NOT_CHECKED}
    row.notes_exceptions = False
    row.save()
    assert states() == {TraceState.KEPT}


def test_a_report_of_nobody_in_the_scope_does_not_go_there(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)
    manager.post(f"{home}1/reports/new/", REPORT)

    answer = manager.post(f"{home}1/reports/1/scope/", {"seen": "0"})

    assert answer.status_code == 422
    assert not ScopeVersion.objects.exists()


def test_a_condition_is_late_until_it_is_met_with_a_reason(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)
    own = REVIEW | {"looked_at": ["own checks"], "report": "", "seen": "1"}
    manager.post(f"{home}1/review/", own)
    assert "late" in said(manager.get(f"{home}1/"))
    at = f"{home}1/conditions/1/"

    silent = manager.post(at, {"seen": "1", "state": "met"})
    early = manager.post(
        at, {"seen": "1", "state": "met", "reason": "Done", "settled_on": "2026-01-01"}
    )
    done = manager.post(at, {"seen": "1", "state": "met", "reason": "Done"})

    assert [each.status_code for each in (silent, early, done)] == [422, 422, 302]
    assert VendorCondition.objects.get().settled_on == TODAY
    assert manager.post(at, {"seen": "1", "state": "open"}).status_code == 409


def test_a_vendor_ends_and_its_end_stays_open_until_data_and_access_are_confirmed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)
    ended = {"ended_on": "2026-07-31", "end_reason": "Replaced", "seen": "1"}
    manager.post(f"{home}1/end/", ended)
    assert "nobody confirmed what became of your data, nor that its access is removed" in said(
        manager.get(f"{home}1/")
    )
    confirmed = {"data_end": "deleted", "data_end_on": "2026-08-01"}
    removed = {"access_removed_on": "2026-07-31", "proofs": pdf("deletion.pdf")}
    manager.post(f"{home}1/end/", ended | confirmed | removed | {"seen": "2"})

    page = said(manager.get(f"{home}1/"))
    assert "end is open" not in page
    assert "deletion.pdf" in page
    assert "VEN-1" not in said(manager.get(home))
    assert "VEN-1" in said(manager.get(f"{home}?show=ended"))


def test_what_is_late_lacking_or_undecided_is_counted_and_listed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur, VendorFields("Late", "x", criticality="low", started_on=date(2025, 1, 1)))
    enter(larkspur, VendorFields("Needs a report", "x", criticality="critical"))
    soon = TODAY + timedelta(days=9)
    enter(larkspur, VendorFields("Renews", "x", notice_by=soon, renews_on=soon))

    def listed(show: str) -> list[str]:
        page = said(manager.get(f"{home}?show={show}"))
        return [name for name in ("Late", "Needs a report", "Renews") if f">{name}</a>" in page]

    assert listed("overdue") == ["Late"]
    assert listed("no-report") == ["Needs a report"]
    assert listed("notice") == ["Renews"]
    assert listed("undecided") == ["Late", "Needs a report", "Renews"]
    assert listed("") == listed("all") == listed("no such thing") == listed("undecided")
    assert "Renews" not in said(manager.get(f"{home}?words=report&show=all")).split("<tbody>")[1]


def test_a_file_that_is_no_proof_is_refused_and_nothing_is_recorded(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur)

    def program() -> SimpleUploadedFile:
        return SimpleUploadedFile("report.pdf", b"MZ\x00\x01\x02", "application/pdf")

    taken = manager.post(f"{home}1/reports/new/", REPORT | {"file": program()})
    own = REVIEW | {"looked_at": ["own checks"], "report": "", "seen": "1"}
    review = manager.post(f"{home}1/review/", own | {"proofs": program()})

    assert [taken.status_code, review.status_code] == [422, 422]
    assert not SocReport.objects.exists()
    assert not VendorReview.objects.exists()
    assert not KeptFile.objects.exists()


def test_a_reader_sees_vendors_and_changes_nothing(
    larkspur: Organization,
    home: str,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    enter(larkspur)
    reader = signed_in(member(Role.READ_ONLY))

    assert "Review it" not in said(reader.get(f"{home}1/"))
    assert reader.get(f"{home}1/edit/").status_code == 403
    assert reader.post(f"{home}1/conditions/1/", {}).status_code == 403
