"""The system description: what it lacks, and what it contradicts."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reperform.base.problem import Problem
from reperform.catalog.criteria import CRITERION_IDS
from reperform.program.description import LONGEST_TEXT, Standing, read_text
from reperform.program.description.check import is_checked
from reperform.program.description.contradictions import check_description
from reperform.program.description.files import description_library
from reperform.program.description.registers import (
    RegisteredIncident,
    RegisteredVendor,
    Registers,
)
from reperform.program.description.scope import derived_text, field_states
from reperform.program.scope.document import Commitment, Expectation, ScopeDocument, Subservice

SCOPE = ScopeDocument(
    system="Marigold Payroll",
    services=("Computes payroll",),
    boundaries="Marigold Payroll in production.",
    type=2,
    first=date(2026, 1, 1),
    last=date(2026, 6, 30),
    commitments=(
        Commitment("commitment", "Data is kept from others.", "security"),
        Commitment("requirement", "Sign-in takes a second factor.", "security"),
    ),
    subservices=(
        Subservice(
            "Cobalt Hosting",
            "runs the servers",
            "carve-out",
            (Expectation("Data centers are locked", ("CC6.4",)),),
            None,
        ),
    ),
    user_controls=(Expectation("Customers remove leavers", ("CC6.2",)),),
)
TEXTS = {
    "dc1.company": "Marigold, Inc. runs Marigold Payroll. It has 12 employees.",
    "dc1.users": "Clerks sign in.",
    "dc2.sources": "The master agreement.",
    "dc3.infrastructure": "It runs at Cobalt Hosting.",
    "dc3.software": "Its own, and a database.",
    "dc3.people": "- Engineering (5 people)",
    "dc3.procedures": "Access is reviewed each quarter.",
    "dc3.data": "Wages, kept for seven years.",
    "dc4.incidents": "There were no incidents.",
    "dc5.governance": "The board meets each quarter.",
    "dc7.monitoring": "Its report is read each year.",
    "dc8.not_applicable": "All criteria apply.",
    "dc9.changes": "On 2026-03-02 the sign-in moved.",
}
COMPLETE = Registers(
    vendors=(RegisteredVendor("Cobalt Hosting", is_subservice=True),),
    assets=("payroll database",),
    incidents=(),
    people=tuple(f"person {number}" for number in range(12)),
    served=frozenset(CRITERION_IDS),
)
INCIDENT = RegisteredIncident("INC-1", "Wages shown twice", date(2026, 2, 3), is_reportable=True)


def check(
    texts: Mapping[str, str] | None = None,
    *,
    scope: ScopeDocument = SCOPE,
    registers: Registers = COMPLETE,
    organization: str = "Marigold",
) -> list[Problem]:
    return check_description(
        {**TEXTS, **(texts or {})},
        library=description_library(),
        scope=scope,
        registers=registers,
        organization=organization,
    )


def slugs(problems: list[Problem]) -> list[str]:
    return [problem.slug for problem in problems]


def test_a_whole_description_has_no_problem() -> None:
    """Every field is there, and nothing contradicts scope or registers."""
    assert check() == []


@pytest.mark.parametrize("field", sorted(set(TEXTS) - {"dc8.not_applicable"}))
def test_a_field_that_a_type_2_needs_is_missed(field: str) -> None:
    """Without any one of them the description is not whole."""
    problems = check({field: "  \n"})

    label = next(f.label for f in description_library().fields if f.name == field)
    assert (label, "description-missing") in [(each.where, each.slug) for each in problems]


def test_a_field_from_the_scope_is_complete_with_the_scope_alone() -> None:
    """Services are decided in the scope; user controls may be said not to exist."""
    library = description_library()
    states = {each.field.name: each for each in field_states(library.fields, {}, SCOPE)}
    bare = {
        each.field.name: each for each in field_states(library.fields, {}, ScopeDocument(type=2))
    }

    assert states["dc1.services"].standing is Standing.FROM_SCOPE
    assert bare["dc6.user_controls"].standing is Standing.MISSING
    assert bare["dc7.monitoring"].standing is Standing.OPTIONAL


def test_silence_about_user_controls_is_not_nothing() -> None:
    """No CUEC in the scope: the text must say that there is none, and then it may."""
    scope = replace(SCOPE, user_controls=())

    assert slugs(check(scope=scope)) == ["description-missing"]
    assert check({"dc6.user_controls": "There are none."}, scope=scope) == []


def test_a_type_1_has_no_dc_9() -> None:
    """Changes in a period are missing in a Type 2 and do not belong into a Type 1."""
    type_1 = replace(SCOPE, type=1, first=None)

    assert slugs(check(scope=type_1)) == ["description-changes"]
    assert check({"dc9.changes": ""}, scope=type_1) == []
    assert slugs(check({"dc9.changes": ""})) == ["description-missing"]


def test_no_incidents_beside_a_register_that_has_one() -> None:
    """The worst contradiction: readers would learn of it elsewhere."""
    registers = replace(COMPLETE, incidents=(INCIDENT,))

    problems = check(registers=registers)

    assert slugs(problems) == ["description-incident", "description-none"]
    assert "INC-1, Wages shown twice, of 2026-02-03" in problems[0].what


def test_an_incident_that_is_told_is_no_problem() -> None:
    """By its reference or its title."""
    registers = replace(COMPLETE, incidents=(INCIDENT,))

    assert check({"dc4.incidents": "INC-1 on 2026-02-03: a total."}, registers=registers) == []
    assert check({"dc4.incidents": "Wages  shown\ntwice."}, registers=registers) == []
    assert slugs(check({"dc4.incidents": "INC-11: a total."}, registers=registers)) == [
        "description-incident"
    ]


def test_an_incident_that_kept_every_promise_need_not_be_told() -> None:
    """False alarms stay in the register; what nobody decided is not taken as one."""
    harmless = replace(INCIDENT, is_reportable=False)
    undecided = replace(INCIDENT, is_reportable=None)

    assert check(registers=replace(COMPLETE, incidents=(harmless,))) == []
    assert slugs(check(registers=replace(COMPLETE, incidents=(undecided,)))) == ["not-checked"]


def test_an_incident_that_the_register_does_not_have() -> None:
    """An empty register says that there was none; then a text that tells of one is wrong."""
    assert slugs(check({"dc4.incidents": "A server stood still on 2026-02-03."})) == [
        "description-incident"
    ]


def test_a_carve_out_without_expected_controls() -> None:
    """Controls of somebody else are relied on, and nobody says which."""
    supplier = replace(SCOPE.subservices[0], expectations=())

    assert slugs(check(scope=replace(SCOPE, subservices=(supplier,)))) == ["csoc-missing"]


def test_a_subservice_organization_that_no_text_names() -> None:
    """A reader could not tell what it does for the system."""
    problems = check({"dc3.infrastructure": "It runs in a data center."})

    assert slugs(problems) == ["subservice-missing"]
    assert "Cobalt Hosting" in problems[0].what


def test_a_vendor_that_is_a_subservice_organization_and_not_in_the_scope() -> None:
    """The register of vendors knows of one more."""
    more = (*(COMPLETE.vendors or ()), RegisteredVendor("Umber Mail", is_subservice=True))

    problems = check(registers=replace(COMPLETE, vendors=more))

    assert slugs(problems) == ["subservice-missing"]
    assert problems[0].what.startswith("Umber Mail")


def test_a_category_without_commitment_and_requirement() -> None:
    """Availability came into scope, and nobody promised any."""
    problems = check(scope=replace(SCOPE, categories=("security", "availability")))

    assert slugs(problems) == ["commitment-missing", "commitment-missing"]
    assert all("availability" in each.what for each in problems)


def test_a_criterion_with_neither_control_nor_reason() -> None:
    """A reason clears it; other categories' criteria are not asked for."""
    served = frozenset(CRITERION_IDS) - {"CC6.4", "P1.1"}
    registers = replace(COMPLETE, served=served)
    reason = {"CC6.4": "There are no offices: everybody works from home."}

    problems = check(registers=registers)

    assert slugs(problems) == ["criterion-uncontrolled"]
    assert "1 of 33" in problems[0].what
    assert problems[0].what.endswith("CC6.4")
    assert not any(
        each.slug == "criterion-uncontrolled"
        for each in check(scope=replace(SCOPE, not_applicable=reason), registers=registers)
    )


@pytest.mark.parametrize(
    "reason",
    ["We have no control for it.", "Not yet done", "It is not implemented", "No  controls"],
)
def test_a_reason_that_is_a_gap(reason: str) -> None:
    """A missing control never makes a criterion inapplicable."""
    scope = replace(SCOPE, not_applicable={"CC6.4": reason})

    assert "reason-is-gap" in slugs(check({"dc8.not_applicable": ""}, scope=scope))


def test_all_criteria_apply_beside_one_that_does_not() -> None:
    """The text and the scope stand side by side in the report."""
    scope = replace(SCOPE, not_applicable={"CC6.4": "There are no offices."})

    assert slugs(check(scope=scope)) == ["description-none"]


@pytest.mark.parametrize(
    "text",
    [
        "[Company] runs it.",
        "TODO",
        "Lorem ipsum dolor",
        "{{ system }} runs",
        "Signed: ______",
        "TBD.",
    ],
)
def test_what_a_template_left(text: str) -> None:
    """Nobody decided what stands there."""
    assert slugs(check({"dc3.data": text})) == ["description-placeholder"]


@pytest.mark.parametrize(
    "text",
    [
        "As [CC6.1] asks.",
        "todo lists of customers",
        "A list[0] of it",
        "As note [1] says",
        "one_two",
        "f(x) {y}",
    ],
)
def test_what_only_looks_like_a_leftover(text: str) -> None:
    """References to criteria and words of a trade stay."""
    assert check({"dc3.data": text}) == []


def test_the_invented_company_of_the_examples() -> None:
    """Every example of ours gives itself away, but for the company itself in the demonstration."""
    text = next(f.example for f in description_library().fields if f.name == "dc1.company")

    assert "description-example" in slugs(check({"dc1.company": text}))
    assert "description-example" not in slugs(
        check({"dc1.company": text}, organization="Larkspur, Inc.")
    )


@pytest.mark.parametrize(
    ("text", "contradicts"),
    [
        ("We have 40 employees.", True),
        ("We have twelve employees.", False),
        ("About 13 people", False),
        ("About 40 people", True),
        ("more than 10 employees", False),
        ("more than 20 employees", True),
        ("up to 11 employees", True),
        ("5 people in support", False),
        ("50 people in support", True),
        ("1,200 employees", True),
        ("It serves 900 firms.", False),
    ],
)
def test_a_number_of_people_beside_the_register(text: str, *, contradicts: bool) -> None:
    """The register has twelve; parts of all and round numbers are read as such."""
    found = "description-people" in slugs(check({"dc3.people": text}))

    assert found is contradicts


def test_a_supplier_or_database_that_no_register_has() -> None:
    """Names that are known well enough are looked up, by every spelling."""
    aws = RegisteredVendor("Amazon Web Services", is_subservice=False)
    knows = replace(COMPLETE, vendors=(*(COMPLETE.vendors or ()), aws))
    text = {"dc3.software": "Postgres on AWS."}

    assert slugs(check(text)) == ["description-name", "description-name"]
    assert slugs(check(text, registers=knows)) == ["description-name"]
    assert check(text, registers=replace(knows, assets=("PostgreSQL 16",))) == []


def test_a_system_that_is_never_named_as_in_the_scope() -> None:
    """The cover would say one name and the description another."""
    texts = {"dc1.company": "Marigold runs PayrollPlus."}
    scope = replace(SCOPE, boundaries="Production.")

    assert slugs(check(texts, scope=scope)) == ["description-name"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("On 2026-07-01 it moved.", True),
        ("On December 31, 2025 it moved.", True),
        ("On 30 June 2026 it moved.", False),
        ("In June 2026 it moved.", False),
        ("In July 2026 it moved.", True),
        ("On 2026-02-30 it moved.", True),
        ("On 03/04/2026 it moved.", True),
        ("Since 2019 nothing moved.", False),
        ("Release 2026.1 moved.", False),
    ],
)
def test_days_outside_the_period(text: str, *, wrong: bool) -> None:
    """DC 9 is about 2026-01-01 to 2026-06-30, both included."""
    assert slugs(check({"dc9.changes": text})) == (["description-date"] if wrong else [])


def test_a_type_1_may_tell_of_what_was_before_its_day() -> None:
    """An incident of last year may be told as of today; one of tomorrow cannot."""
    scope = replace(SCOPE, type=1, first=None)
    registers = replace(COMPLETE, incidents=(INCIDENT,))
    base = {"dc9.changes": ""}

    early = check(base | {"dc4.incidents": "INC-1, 2025-02-03"}, scope=scope, registers=registers)
    late = check(base | {"dc4.incidents": "INC-1, 2026-07-01"}, scope=scope, registers=registers)

    assert early == []
    assert slugs(late) == ["description-date"]


def test_without_registers_nothing_is_called_consistent() -> None:
    """Each register that does not exist is named, and none leads to silence."""
    problems = check(registers=Registers())

    assert set(slugs(problems)) == {"not-checked"}
    assert len(problems) == 5
    assert all(each.what.startswith("not checked: ") for each in problems)
    assert not any(is_checked(each) for each in problems)


@pytest.mark.parametrize("register", ["vendors", "assets", "incidents", "people", "served"])
def test_each_register_that_is_missing_is_said(register: str) -> None:
    """One at a time."""
    problems = check(registers=replace(COMPLETE, **{register: None}))

    assert slugs(problems) == ["not-checked"]


def test_while_type_and_period_are_open_the_rest_is_said_to_be_open() -> None:
    """Nothing is passed because it was not decided."""
    scope = replace(SCOPE, type=None, first=None, last=None)

    problems = check(scope=scope)

    assert slugs(problems) == ["not-checked", "not-checked"]
    assert "description-missing" in slugs(check({"dc9.changes": ""}, scope=scope))


def test_an_empty_description_of_an_empty_scope_misses_everything() -> None:
    """Nothing is written and nothing decided: only the categories are never empty."""
    library = description_library()
    problems = check_description(
        {}, library=library, scope=ScopeDocument(), registers=Registers(), organization=""
    )

    missing = {each.where for each in problems if each.slug == "description-missing"}
    needed = {f.label for f in library.fields if "carve-out" not in f.marks}
    assert missing == needed - {"DC 5 Criteria in scope and their controls"}


def test_every_problem_of_the_description_is_explained() -> None:
    """The bracketed name can be looked up."""
    sources = Path(__file__).parents[2] / "src/reperform/program/description"
    text = "".join(path.read_text("utf-8") for path in sources.glob("*.py"))
    named = set(re.findall(r'"((?:[a-z]+-)+[a-z]+)"\)', text)) | {"not-checked", "description-text"}
    errors = (Path(__file__).parents[2] / "docs/errors.md").read_text("utf-8")

    assert len(named) >= 15
    assert not [slug for slug in named if f"### {slug}\n" not in errors]


def test_what_the_scope_says_of_a_subservice_organization() -> None:
    """Method, service, report and the controls expected of it."""
    field = next(f for f in description_library().fields if f.name == "dc7.subservices")

    assert derived_text(field, SCOPE) == (
        "Cobalt Hosting (carve-out): runs the servers. Its controls are not part of this"
        " description; these are expected of it:\n- Data centers are locked (CC6.4)"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x" * (LONGEST_TEXT + 1), "20,001 characters"),
        ("a\x00b", "a character that no text has"),
        ("\ud800", "a character that no text has"),
        ("y" * 5_001, "a paragraph of 5,001 characters"),
        ("z\n\n" * 151, "151 paragraphs"),
        (17, "is not text"),
    ],
)
def test_a_text_that_is_not_stored(text: object, what: str) -> None:
    """Each with a reason; a report could not show it whole."""
    _, problems = read_text(text, where="DC 3 Data")

    assert [each.slug for each in problems] == ["description-text"]
    assert what in problems[0].what


def test_a_text_is_kept_as_it_was_written() -> None:
    """Line breaks become one kind; blanks at the ends of lines go; the rest stays."""
    assert read_text("\r\n- a \r\n  b\r\n\r\nc\r\n", where="") == ("- a\n  b\n\nc", [])


def test_checking_hostile_text_takes_no_time() -> None:
    """Patterns do not blow up on text that was made to."""
    texts = {
        "dc4.incidents": "12 " * 6_000,
        "dc3.people": "about " * 3_000 + "1" * 300,
        "dc3.data": "[" * 10_000 + "{{" * 2_000,
        "dc9.changes": "march 2" * 2_500,
        "dc3.software": "_" * 19_000,
        "dc3.procedures": "- " * 9_000,
    }
    began = time.perf_counter()
    check(texts)

    assert time.perf_counter() - began < 2
