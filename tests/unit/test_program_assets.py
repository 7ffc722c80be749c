"""Assets, data flows, their import and their diagram, as values."""

from datetime import date
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.grid import read_grid
from reperform.program.assets import (
    AssetFields,
    Classification,
    Kind,
    asset_content,
    read_asset,
    read_retirement,
)
from reperform.program.assets.flows import FlowFields, flow_content, read_flow
from reperform.program.assets.importing import Known, plan_import
from reperform.program.assets.picture import Arrow, Box, Picture, picture_of
from reperform.report.boundary import boundary_svg

FLAGS = st.sampled_from((True, False, None))
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=40)


@given(
    name=TEXTS,
    kind=st.sampled_from(Kind),
    flag=FLAGS,
    months=st.none() | st.integers(1, 24),
    since=st.none() | st.dates(),
)
def test_an_asset_is_read_back_as_it_was_written(
    *, name: str, kind: Kind, flag: bool | None, months: int | None, since: date | None
) -> None:
    fields = AssetFields(
        name, kind, in_boundary=flag, has_accounts=True, review_months=months, since=since
    )

    assert read_asset(asset_content(fields)) == (fields, [])


@given(data=TEXTS, party=TEXTS, encrypted=FLAGS, of=st.sampled_from(Classification))
def test_a_flow_is_read_back_as_it_was_written(
    *, data: str, party: str, encrypted: bool | None, of: Classification
) -> None:
    fields = FlowFields(data, 1, "", None, party, of, "HTTPS", encrypted)

    assert read_flow(flow_content(fields)) == (fields, [])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": "x", "kind": "spaceship"}, "kind"),
        ({"name": "x", "in_boundary": "perhaps"}, "in_boundary"),
        ({"name": "x", "review_months": "3"}, "review_months"),
        ({"name": "x", "has_accounts": "yes", "review_months": "25"}, "review_months"),
        ({"name": "x", "since": "yesterday"}, "since"),
        ({"name": "x", "color": "red"}, "color"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x1b[31m"}, "name"),
    ],
)
def test_what_cannot_be_an_asset_is_named(sent: dict[str, str], field: str) -> None:
    _, problems = read_asset(sent)

    assert {each.where for each in problems} == {field}


def test_what_is_not_said_is_not_decided_and_not_no() -> None:
    fields, problems = read_asset({"name": "Console", "in_boundary": "", "internet_facing": "no"})

    assert not problems
    assert (fields.in_boundary, fields.internet_facing, fields.has_accounts) == (None, False, None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"data": "x", "target": 1}, "source"),
        ({"data": "x", "source": 1, "source_party": "Customers", "target": 2}, "source"),
        ({"data": "x", "source": 1, "target": 1}, "target"),
        ({"data": "x", "source_party": "A", "target_party": "B"}, "target"),
        ({"source": 1, "target": 2}, "data"),
    ],
)
def test_a_flow_goes_from_one_place_to_another(sent: dict[str, object], field: str) -> None:
    _, problems = read_flow(sent)

    assert {each.where for each in problems} == {field}


def test_nothing_is_retired_in_the_future_or_without_a_reason() -> None:
    _, problems = read_retirement({"on": "2026-08-02", "reason": ""}, today=date(2026, 8, 1))

    assert {each.where for each in problems} == {"on", "reason"}


KNOWN = Known(
    {"ada@larkspur.example": 7}, {3: AssetFields("Console", purpose="Shows")}, frozenset({4})
)


def test_a_list_says_what_each_row_would_do() -> None:
    grid = read_grid(
        b"Reference,Name,Type,Owner,In scope,Serial\n"
        b",Warehouse,DATA STORE,ada@larkspur.example,yes,1\n"
        b"AST-3,Console,application,,unknown,2\n",
        name="list.csv",
    )

    plan = plan_import(grid, KNOWN)

    assert not plan.every_problem
    assert [row.does for row in plan.rows] == ["enters Warehouse", "changes kind of AST-3"]
    assert plan.rows[0].fields.owner == 7
    assert plan.rows[1].fields.purpose == "Shows", "a column that is not there changes nothing"
    assert plan.ignored == ("Serial",)
    assert (plan.made, plan.changed) == (1, 1)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",Console,application,", "list.csv: row 2: Name: Console is AST-3 already"),
        ("AST-9,X,application,", "list.csv: row 2: Reference: there is no AST-9"),
        ("AST-4,X,application,", "list.csv: row 2: Reference: AST-4 is retired"),
        (",X,spaceship,", "list.csv: row 2: Kind: is none of the choices"),
        (",X,application,eve@x.example", "list.csv: row 2: Owner: no active member has"),
    ],
)
def test_a_row_with_a_problem_is_named_by_file_row_and_field(row: str, what: str) -> None:
    grid = read_grid(f"Reference,Name,Kind,Owner\n{row}\n".encode(), name="list.csv")

    (problem,) = plan_import(grid, KNOWN).every_problem

    assert str(problem).startswith(what)


def test_two_rows_of_one_name_are_refused() -> None:
    plan = plan_import(read_grid(b"Name\nA\nA\n", name="list.csv"), KNOWN)

    assert [each.what for each in plan.every_problem] == ["A is row 2 already"]


def diagram(assets: int, flows: int) -> Picture:
    environments = ("production", "staging", "corporate", "")
    boxes = [
        Box(
            f"AST-{number}",
            f"Asset number {number} of the service",
            "application",
            environments[number % 4],
            (True, True, True, None, False)[number % 5],
        )
        for number in range(1, assets + 1)
    ]
    arrows = [
        Arrow(
            number,
            "Customers" if number % 9 == 0 else f"AST-{1 + number % assets}",
            "Nimbus Cloud" if number % 7 == 0 else f"AST-{1 + (number * 7 + 1) % assets}",
            "records",
            "HTTPS",
            (True, False, None)[number % 3],
        )
        for number in range(1, flows + 1)
    ]
    return picture_of(
        system="Larkspur", boxes=boxes, arrows=arrows, subservices=["Nimbus Cloud", "Quiet Mail"]
    )


@pytest.mark.parametrize(("assets", "flows"), [(0, 0), (1, 0), (5, 6), (20, 24), (60, 70)])
def test_no_two_boxes_of_a_diagram_overlap_and_all_are_inside_it(assets: int, flows: int) -> None:
    picture = diagram(assets, flows) if assets else picture_of(system="", boxes=[], arrows=[])

    for number, one in enumerate(picture.places):
        assert 0 <= one.x <= one.x + one.width <= picture.width
        assert 0 <= one.y <= one.y + one.height <= picture.height
        for other in picture.places[number + 1 :]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            ), (one.box.label, other.box.label)


def test_assets_in_the_boundary_stand_in_its_frame_and_no_others() -> None:
    picture = diagram(20, 24)
    frame = picture.boundary
    assert frame is not None

    inside = {
        each.box.key
        for each in picture.places
        if frame.x <= each.x < frame.x + frame.width and frame.y <= each.y < frame.y + frame.height
    }

    assert inside == {
        each.box.key for each in picture.places if each.box.in_boundary and not each.box.is_party
    }


def test_the_same_registers_draw_the_same_diagram() -> None:
    assert boundary_svg(diagram(20, 24), is_file=True, is_example=False) == boundary_svg(
        diagram(20, 24), is_file=True, is_example=False
    )


def test_every_flow_and_every_subservice_organization_is_drawn() -> None:
    """Also one that nothing flows to: the scope says that it matters."""
    picture = diagram(20, 24)

    assert [each.arrow.number for each in picture.lines] == list(range(1, 25))
    assert {each.box.label for each in picture.parties} == {
        "Customers",
        "Nimbus Cloud",
        "Quiet Mail",
    }


def test_a_flow_that_is_not_encrypted_or_not_known_is_marked_without_color() -> None:
    picture = diagram(5, 3)

    labels = {line.arrow.encrypted: line.label for line in picture.lines}

    assert labels[True].endswith("HTTPS")
    assert labels[False].endswith("!")
    assert labels[None].endswith("?")


def test_text_of_the_registers_is_text_in_the_diagram() -> None:
    picture = picture_of(
        system="<script>",
        boxes=[Box("AST-1", '"><script>alert(1)</script>\x1b')],
        arrows=[Arrow(1, "Customers & co", "AST-1", "<b>")],
    )

    root = fromstring(boundary_svg(picture, is_file=True, is_example=False))  # noqa: S314 - made here

    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g"}
    texts = [each.text or "" for each in root.iter()]
    assert '"><script>alert(1)</script><U+001B>' in "".join(texts)
