"""OSCAL in and out: NIST's own files are read, ours are valid by NIST's schema."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.catalog.installed import catalog
from reperform.catalog.oscal import Component, OscalFile, Requirement, requirement_id
from reperform.catalog.oscal.read import read_oscal
from reperform.program.actions.code.registers import KINDS
from reperform.program.code.oscal_drafts import criteria_of, drafts_of
from reperform.program.code.read import read_program
from reperform.program.controls.document import AdoptedDocument, ControlDocument
from reperform.report.oscal_components import component_definition

SHARED = Path(__file__).resolve().parents[3] / "shared/data"
OSCAL, SUITE = SHARED / "oscal", SHARED / "webinput/json-test-suite"
beside = pytest.mark.skipif(not OSCAL.is_dir(), reason="the shared files are not beside it")
CROSSWALK = next(
    each for each in catalog().crosswalks if each.framework.slug == "nist-sp-800-53-r5"
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=80)


def taken(path: Path) -> OscalFile:
    found, problems = read_oscal(path)
    assert not problems
    assert found
    return found


def problems(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "x.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found, wrong = read_oscal(path)
    assert found is None
    return "\n".join(map(str, wrong))


@beside
def test_a_baseline_and_its_catalog_are_read() -> None:
    """The LOW baseline of SP 800-53 takes 149 controls, and the resolved catalog has just these."""
    profile = taken(OSCAL / "nist-800-53r5/LOW-baseline-profile.json")
    resolved = taken(OSCAL / "nist-800-53r5/LOW-baseline-resolved-catalog-min.json")

    assert profile.selected
    assert len(profile.selected) == 149
    assert {each.id for each in resolved.controls} == set(profile.selected)
    assert {each.id: each.title for each in resolved.controls}["ac-2"] == "Account Management"
    assert "CC6.2" in criteria_of("ac-2", CROSSWALK)


@beside
def test_a_component_definition_becomes_drafts_that_name_what_is_missing() -> None:
    """Nothing is guessed: how often, by whom and of which nature is not in OSCAL."""
    found = taken(OSCAL / "nist-examples/example-component-definition.json")

    made = drafts_of(found.components, CROSSWALK, taken={"OWN-02"})

    assert [each.code for each in made] == ["OWN-01", "OWN-03", "OWN-04"]
    first = made[0].text
    assert "criteria: [CC6.6, CC6.7]" in first
    assert "MongoDB implements TLS 1.x" in first
    assert "line 91" in first
    for word in ("\nnature:", "\nfrequency:", "\nowner"):
        assert word not in first
    program = read_program({f"controls/{d.code}.md": d.text.encode() for d in made}, KINDS)
    assert not program.problems


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_a_component_says_its_draft_can_be_read(one: str, two: str, three: str) -> None:
    """A comment cannot end early, and a title is one line."""
    component = Component("x", one, "service", two, (Requirement(f"x: {one}", two, three),))
    (draft,) = drafts_of([component], CROSSWALK, taken=())

    program = read_program({f"controls/{draft.code}.md": draft.text.encode()}, KINDS)

    assert not program.problems
    (item,) = program.items.values()
    assert set(item.content) <= {"title", "criteria", "text"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "is no OSCAL that is read here"),
        ('{"system-security-plan": {}}', "is no OSCAL that is read here"),
        ('{"catalog": []}', "is no OSCAL that is read here"),
        ('{"component-definition": {}}', "has no component"),
        ('{"component-definition": {"components": 3}}', "has components that are no objects"),
        ('{"component-definition":\n{"components": [{"title": "x"}]}}', "line 2: has an item"),
        ('{"catalog": {"controls": [{"id": "a"}]}}', "has an item without title"),
        ('{"catalog": {"controls": [{"id": "a", "title": "b"}, {"id": "a", "title": ""}]}}', "two"),
        ('{"profile": {"imports": [{"include-controls": [{"matching": []}]}]}}', "by a pattern"),
        ('{"profile": {}}', "takes no control by its id"),
        ('{"catalog": {}, "catalog": {}}', "is there twice"),
        ("[" * 100_000, "nested more than 64 deep"),
        (b'{"catalog": "\xff"}', "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert said in problems(tmp_path, text)


@pytest.mark.skipif(not SUITE.is_dir(), reason="the shared files are not beside it")
def test_no_json_of_the_test_suite_is_taken_for_oscal(tmp_path: Path) -> None:
    """What must be refused as JSON is, and what is JSON is no OSCAL."""
    cases = sorted(SUITE.rglob("*.json"))
    for case in cases:
        said = problems(tmp_path, case.read_bytes())
        if case.name.startswith("n_"):
            assert said
        if case.name.startswith("y_"):
            assert "is no OSCAL" in said or "twice" in said, case.name
    assert len(cases) > 300


def test_enhancements_belong_to_their_control() -> None:
    assert requirement_id("si-4.12") == "SI-4"
    assert criteria_of("CC6.1", None) == ("CC6.1",)
    assert criteria_of("zz-99", CROSSWALK) == ()


def control(code: str, title: str, text: str, role: str) -> AdoptedDocument:
    document = ControlDocument(
        title, text, ("CC6.1", "A1.2"), (), "detective", "manual", "annual", role
    )
    day = date(2026, 7, 1)
    return AdoptedDocument(
        code, document, "", None, "", None, False, day, None, None, "", 1, "ada"  # noqa: FBT003 - as declared
    )  # fmt: skip


def definition(*controls: AdoptedDocument) -> dict[str, Any]:
    return component_definition(
        controls,
        organization="Larkspur, Inc.",
        organization_id=UUID(int=7),
        version="2026-07-01",
        at=datetime(2026, 7, 1, 12, tzinfo=UTC),
    )


@beside
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=3))
def test_what_goes_out_is_valid_by_the_schema_of_nist(said: list[tuple[str, str, str]]) -> None:
    made = definition(*(control(f"OWN-{at}", *each) for at, each in enumerate(said)))

    assert not list(validator().iter_errors(json.loads(json.dumps(made))))


def validator() -> Any:  # noqa: ANN401 - of a library without types
    schema = json.loads((OSCAL / "schemas/oscal_component_schema.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema)


@beside
def test_the_schema_would_find_what_is_wrong() -> None:
    made = definition(control("OWN-1", "Review", "Ada reviews.", "Lead"))
    del made["component-definition"]["metadata"]["oscal-version"]

    assert list(validator().iter_errors(made))


def test_what_goes_out_comes_back_as_drafts(tmp_path: Path) -> None:
    """Ids of criteria are taken as they are, without a crosswalk."""
    path = tmp_path / "out.json"
    path.write_text(json.dumps(definition(control("OWN-1", "Review", "Ada reviews.", "Lead"))))

    made = drafts_of(taken(path).components, None, taken=())

    assert [each.text.partition("criteria: ")[2].split("\n")[0] for each in made] == [
        "[CC6.1]",
        "[A1.2]",
    ]
    assert all("Ada reviews." in each.text for each in made)
