"""Vendors, reviews and SOC reports as values: read, contradicted, covered, checked, compared."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.months import add_months
from reperform.base.period import Period
from reperform.catalog.library import library_folder
from reperform.program.scope.document import (
    Expectation,
    ScopeDocument,
    Subservice,
    SupplierReport,
)
from reperform.program.vendors import read_end, read_vendor, vendor_content
from reperform.program.vendors.coverage import find_gaps
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.report_checks import Ours, State, check_report, relied_on
from reperform.program.vendors.reports import (
    Cuec,
    ExpectedControl,
    Opinion,
    ReportException,
    ReportFields,
    ReportKind,
    read_report,
    report_content,
)
from reperform.program.vendors.reviews import read_review, read_settling, review_content
from reperform.program.vendors.scope_match import Fix, Registered, differences, with_report

TODAY = date(2026, 8, 1)
CLASSES = ("critical", "high", "medium", "low")
OURS = Period(date(2025, 8, 1), date(2026, 7, 31))
CLOUD = Subservice(
    "Tamarack Cloud",
    "Computing",
    "carve-out",
    (
        Expectation("Data centers are entered by authorized persons", ("CC6.4",)),
        Expectation("Power and cooling are tested", ("A1.2",)),
    ),
    None,
)
WHOLE = {
    "name": "Tamarack Cloud",
    "service": "Computing",
    "owner": 3,
    "website": "https://tamarack.example",
    "criticality": "critical",
    "classification": "restricted",
    "data": ["Invoices", "Names of recipients"],
    "countries": ["United States"],
    "has_access": True,
    "access": "Runs the servers",
    "is_subservice": True,
    "method": "carve-out",
    "started_on": "2024-03-01",
    "contract_on": "2024-02-20",
    "renews_on": "2027-03-01",
    "notice_by": "2026-12-01",
    "dpa": "signed",
    "dpa_on": "2024-02-20",
    "has_confidentiality": True,
    "has_security_terms": False,
    "subprocessors": ["Fernway Backup"],
    "note": "Two regions",
}
REVIEW = {
    "kind": "periodic",
    "reviewed_on": "2026-07-01",
    "reviewer": 3,
    "looked_at": ["SOC report", "own checks"],
    "report": 1,
    "outcome": "acceptable with conditions",
    "findings": "One exception",
    "conditions": [{"text": "Turn on SSO", "due_on": "2026-10-01"}],
    "next_due": "2027-01-01",
}
REPORT: dict[str, Any] = {
    "kind": "SOC 2",
    "type": 2,
    "first": "2025-07-01",
    "last": "2026-06-30",
    "auditor": "Holm CPAs",
    "opinion": "qualified",
    "issued_on": "2026-07-15",
    "categories": ["security", "availability"],
    "conclusion": "CC6.2 was not met; we review access ourselves.",
    "subservices": ["Fernway Backup"],
    "exceptions": [
        {
            "control": "LA-4",
            "deviation": "2 of 25 leavers late",
            "response": "Automated since",
            "is_relevant": True,
            "reason": "Their staff reach our data",
            "compensating": ["AC-05"],
        }
    ],
    "cuecs": [
        {"text": "MFA is on", "reference": "1", "controls": ["AC-03"], "not_applicable": ""},
        {"text": "HSM keys", "reference": "2", "controls": [], "not_applicable": "We use none"},
    ],
    "expected": [{"text": "Power", "is_evidenced": True, "where": "PE-2"}],
    "bridge_last": "2026-07-31",
    "bridge_on": "2026-08-01",
    "notes_exceptions": True,
}


def soc2(first: str, last: str, **more: Any) -> ReportFields:  # noqa: ANN401 - fields of a report
    days = date.fromisoformat(first), date.fromisoformat(last)
    return ReportFields(ReportKind.SOC_2, 2, *days, **more)


def ours(**more: Any) -> Ours:  # noqa: ANN401 - fields of `Ours`
    said = {"period": OURS, "subservice": CLOUD, "adopted": {"AC-03", "AC-05"}, "bridge_days": 92}
    return Ours(**{**said, **more})


def states(report: ReportFields, held: Ours | None = None, **more: Any) -> dict[str, State]:  # noqa: ANN401 - as above
    found = check_report(report, held or ours(), has_file=True, **more)
    return {each.about: each.state for each in found}


def test_what_is_kept_of_a_vendor_a_review_and_a_report_reads_back_the_same() -> None:
    vendor, wrong = read_vendor(WHOLE, classes=CLASSES)
    assert (wrong, vendor_content(vendor)) == ([], WHOLE)
    review, wrong = read_review(REVIEW, today=TODAY)
    assert (wrong, review_content(review)) == ([], REVIEW)
    report, wrong = read_report(REPORT, today=TODAY)
    assert (wrong, report_content(report)) == ([], REPORT)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"name": ""}, "name"),
        ({"service": " "}, "service"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"criticality": "enormous"}, "criticality"),
        ({"is_subservice": False}, "method"),
        ({"is_subservice": None}, "method"),
        ({"dpa": "not signed"}, "dpa_on"),
        ({"notice_by": "2027-04-01"}, "notice_by"),
        ({"has_access": "no"}, "access"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_vendor_that_contradicts_itself_has_a_problem_at_its_field(
    changed: dict[str, Any], where: str
) -> None:
    _, wrong = read_vendor(WHOLE | changed, classes=CLASSES)

    assert where in [each.where for each in wrong]


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"reviewed_on": "2026-08-02"}, "reviewed_on"),
        ({"looked_at": []}, "looked_at"),
        ({"looked_at": ["own checks"]}, "report"),
        ({"looked_at": ["tarot"]}, "looked_at"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "acceptable"}, "conditions"),
        ({"conditions": []}, "conditions"),
        ({"conditions": "Turn on SSO"}, "conditions"),
        ({"findings": ""}, "findings"),
        ({"next_due": "2026-07-01"}, "next_due"),
    ],
)
def test_a_review_that_says_too_little_has_a_problem_at_its_field(
    changed: dict[str, Any], where: str
) -> None:
    _, wrong = read_review(REVIEW | changed, today=TODAY)

    assert where in [each.where for each in wrong]


def test_conditions_are_read_from_lines_that_begin_with_their_day() -> None:
    said = REVIEW | {"conditions": "2026-10-01 Turn on SSO\n\n2026-11-01: Send the letter"}
    review, wrong = read_review(said, today=TODAY)

    assert not wrong
    assert [str(each.due_on) for each in review.conditions] == ["2026-10-01", "2026-11-01"]
    assert review.conditions[1].text == "Send the letter"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"first": "2026-07-01"}, "first"),
        ({"type": 1}, "first"),
        ({"last": "2026-08-02"}, "last"),
        ({"kind": "SOC 1"}, "categories"),
        ({"issued_on": "2026-06-01"}, "issued_on"),
        ({"bridge_last": "2026-06-30"}, "bridge_last"),
        ({"bridge_last": None}, "bridge_last"),
        ({"categories": ["weather"]}, "categories"),
        ({"exceptions": [{"deviation": "x", "is_relevant": True}]}, "exceptions 1: reason"),
        ({"exceptions": "many"}, "exceptions"),
        ({"cuecs": [{"text": ""}]}, "cuecs 1: text"),
        (
            {"cuecs": [{"text": "x", "controls": ["A"], "not_applicable": "y"}]},
            "cuecs 1: not_applicable",
        ),
        ({"expected": [{"text": "x", "is_evidenced": True}]}, "expected 1: where"),
        ({"cuecs": [{"text": "x"}] * 201}, "cuecs"),
    ],
)
def test_a_report_that_cannot_be_has_a_problem_at_its_field(
    changed: dict[str, Any], where: str
) -> None:
    _, wrong = read_report(REPORT | changed, today=TODAY)

    assert where in [each.where for each in wrong]


def test_a_vendor_ends_for_a_reason_and_its_data_on_a_day() -> None:
    _, wrong = read_end({"ended_on": "2026-07-31", "data_end": "deleted"}, today=TODAY)

    assert [each.where for each in wrong] == ["end_reason", "data_end_on"]


def test_a_settled_condition_says_how_and_an_open_one_has_no_day() -> None:
    _, wrong = read_settling({"state": "waived"}, today=TODAY)
    again, _ = read_settling({"state": "open", "settled_on": "2026-07-01"}, today=TODAY)

    assert [each.where for each in wrong] == ["reason"]
    assert again.settled_on is None


def test_a_report_covers_our_period_or_its_gaps_are_named_with_their_days() -> None:
    """Before, after, between two reports, and what a bridge letter speaks of."""
    early = soc2("2024-10-01", "2025-09-30", bridge_last=date(2025, 10, 31))
    late = soc2("2025-12-01", "2026-06-30")

    gaps = find_gaps([late, early], OURS)

    assert [(str(each), each.is_bridged) for each in gaps] == [
        ("31 days, 2025-10-01 to 2025-10-31", True),
        ("30 days, 2025-11-01 to 2025-11-30", False),
        ("31 days, 2026-07-01 to 2026-07-31", False),
    ]


@pytest.mark.parametrize(
    "report",
    [
        replace(soc2("2025-08-01", "2026-07-31"), kind=ReportKind.SOC_1),
        replace(soc2("2025-08-01", "2026-07-31"), kind=ReportKind.SOC_3),
        ReportFields(ReportKind.SOC_2, 1, OURS.last, OURS.last),
    ],
)
def test_what_says_nothing_of_operation_covers_no_day(report: ReportFields) -> None:
    assert [each.days for each in find_gaps([report], OURS)] == [OURS]
    assert states(report)["Period"] is State.LACKING


DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS, DAYS), max_size=6))
def test_every_day_is_covered_or_in_exactly_one_gap(spans: list[tuple[date, date, date]]) -> None:
    """Held against counting day by day."""
    reports = []
    for span in spans:
        first, last, bridge = sorted(span)
        reports.append(soc2(str(first), str(last), bridge_last=bridge if bridge > last else None))

    gaps = find_gaps(reports, OURS)

    for day in OURS.days():
        covered = any(each.first <= day <= each.last for each in reports)
        bridged = any(each.bridge_last and each.last < day <= each.bridge_last for each in reports)
        inside = [each for each in gaps if day in each.days]
        assert len(inside) == (0 if covered else 1)
        assert all(each.is_bridged == bridged for each in inside)


def test_a_report_that_answers_everything_is_in_order() -> None:
    report = soc2(
        "2025-07-01",
        "2026-07-31",
        opinion=Opinion.UNQUALIFIED,
        categories=("security", "availability"),
        notes_exceptions=False,
        cuecs=(Cuec("MFA", controls=("AC-03",)),),
        expected=tuple(
            ExpectedControl(e.text, is_evidenced=True, where="1") for e in CLOUD.expectations
        ),
    )

    assert set(states(report).values()) == {State.GOOD}


def test_a_report_that_nobody_read_is_in_order_in_nothing() -> None:
    found = states(soc2("2025-07-01", "2026-07-31"))

    assert {name for name, state in found.items() if state is State.GOOD} == {"File", "Period"}


@pytest.mark.parametrize(
    ("changed", "about", "state"),
    [
        ({"opinion": Opinion.QUALIFIED}, "Opinion", State.LACKING),
        ({"opinion": Opinion.ADVERSE, "conclusion": "We leave"}, "Opinion", State.LOOK),
        ({"categories": ("security",)}, "Categories", State.LACKING),
        ({"exceptions": ()}, "Exceptions", State.NOT_CHECKED),
        ({"notes_exceptions": True}, "Exceptions", State.LACKING),
        ({"notes_exceptions": False}, "Exceptions", State.GOOD),
        ({"exceptions": (ReportException("1", "late"),)}, "Exceptions", State.LACKING),
        (
            {"exceptions": (ReportException("1", "late", is_relevant=True, reason="x"),)},
            "Exceptions",
            State.LACKING,
        ),
        (
            {"exceptions": (ReportException("1", "late", is_relevant=False, reason="x"),)},
            "Exceptions",
            State.GOOD,
        ),
        ({"cuecs": (Cuec("x"), Cuec("y", not_applicable="z"))}, "CUECs", State.LACKING),
        ({"cuecs": (Cuec("x", controls=("GONE-1",)),)}, "CUECs", State.LACKING),
        ({"expected": ()}, "Expected controls", State.NOT_CHECKED),
        (
            {"expected": (ExpectedControl(CLOUD.expectations[0].text, is_evidenced=False),)},
            "Expected controls",
            State.LACKING,
        ),
        ({"bridge_last": date(2026, 12, 31)}, "Bridge letter", State.LACKING),
        ({"bridge_last": date(2026, 7, 31)}, "Bridge letter", State.LOOK),
    ],
)
def test_a_check_says_what_is_open(changed: dict[str, Any], about: str, state: State) -> None:
    report = soc2("2025-07-01", "2026-06-30", opinion=Opinion.UNQUALIFIED)

    assert states(replace(report, **changed))[about] is state


def test_an_earlier_report_closes_the_gap_of_the_newest() -> None:
    newest, before = soc2("2025-10-01", "2026-07-31"), soc2("2024-10-01", "2025-09-30")

    assert states(newest)["Period"] is State.LACKING
    assert states(newest, others=[before])["Period"] is State.GOOD


def test_without_a_scope_nothing_is_checked_against_it() -> None:
    found = states(soc2("2025-07-01", "2026-07-31"), ours(period=None, subservice=None))

    assert found["Period"] is State.NOT_CHECKED
    assert found["Expected controls"] is State.NOT_CHECKED


def test_we_rely_on_a_supplier_for_the_categories_of_what_is_expected_of_it() -> None:
    assert relied_on(CLOUD) == ("security", "availability")


IS = True
"""It is a subservice organization."""
SCOPE = ScopeDocument(system="Invoicing", subservices=(CLOUD,))


@pytest.mark.parametrize(
    ("vendors", "fixes"),
    [
        ([], [Fix.REGISTER]),
        ([Registered(1, "tamarack cloud ", IS, "carve-out")], []),
        ([Registered(1, "Tamarack Cloud", None)], [Fix.DECIDE]),
        ([Registered(1, "Tamarack Cloud", IS, "inclusive")], [Fix.DECIDE]),
        ([Registered(1, "Tamarack Cloud", IS, "carve-out", has_ended=True)], [Fix.SCOPE]),
        (
            [Registered(1, "Tamarack Cloud", IS, "carve-out"), Registered(2, "Birchpay", IS)],
            [Fix.SCOPE],
        ),
        ([Registered(1, "Tamarack Cloud", IS, "carve-out"), Registered(2, "Pens", None)], []),
    ],
)
def test_register_and_scope_differ_in_names_decisions_and_methods(
    vendors: list[Registered], fixes: list[Fix]
) -> None:
    found, agreed = differences(SCOPE, vendors)

    assert [each.fix for each in found] == fixes
    assert agreed == (() if any(each.name == CLOUD.name for each in found) else (CLOUD.name,))


def test_the_newest_soc_2_report_is_compared_and_written_into_the_scope() -> None:
    old, new = soc2("2024-07-01", "2025-06-30"), soc2("2025-07-01", "2026-06-30")
    financial = replace(soc2("2025-08-01", "2026-07-31"), kind=ReportKind.SOC_1)
    vendor = Registered(
        1, "Tamarack Cloud", IS, "carve-out", reports=((1, old), (2, new), (3, financial))
    )

    (found,), _ = differences(SCOPE, [vendor])
    assert (found.fix, found.report) == (Fix.REPORT, 2)

    changed = with_report(SCOPE, "TAMARACK CLOUD", new)
    assert changed is not None
    assert changed.subservices[0].report == SupplierReport("SOC 2 Type 2", new.first, new.last)
    assert differences(changed, [vendor]) == ((), (CLOUD.name,))
    assert with_report(SCOPE, "Birchpay", new) is None


def test_the_library_says_how_often_each_class_is_reviewed() -> None:
    policy = vendor_policy(library_folder())

    assert policy.names == CLASSES
    assert policy.with_report == ("critical",)
    day = date(2026, 1, 31)
    assert policy.due_on("critical", started_on=None, reviewed_on=day) == date(2027, 1, 31)
    assert policy.due_on("critical", started_on=day, reviewed_on=None) == day
    assert policy.due_on("", started_on=day, reviewed_on=day) is None
    assert add_months(day, 1) == date(2026, 2, 28)
