"""Placeholders, Markdown, files and fields of policies."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.markdown import to_html
from reperform.base.months import add_months
from reperform.base.placeholders import Declared, fill, marks, unfilled
from reperform.program.policies import (
    PolicyFields,
    TextFields,
    policy_content,
    read_policy,
    read_text,
    text_content,
)
from reperform.program.policies.markdown import (
    LARGEST_FILE,
    PolicyFile,
    id_of,
    read_policy_file,
    write_policy_file,
)

NAMES = st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True)
LINES = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        ("{{ company }} and {{company}}", ("company",), ()),
        ("{{.Name}} {{ .Site.Title }}", ("Name", "Site.Title"), ()),
        ("{{{raw}}} {{&devWikiURL}}", ("raw", "devWikiURL"), ()),
        (
            "{{#needGDPR}}x{{/needGDPR}}{{^no}}",
            (),
            ("{{#needGDPR}}", "{{/needGDPR}}", "{{^no}}"),
        ),
        ("{{if .X}}{{end}}{{else}}", (), ("{{if .X}}", "{{end}}", "{{else}}")),
        ("{% include x %} <%= y %> ${z}", (), ("{% include x %}", "<%= y %>", "${z}")),
        ("a {{ lonely brace", (), ("{{",)),
        ("a { set } costs $5", (), ()),
    ],
)
def test_every_mark_of_a_template_is_seen(
    text: str, names: tuple[str, ...], others: tuple[str, ...]
) -> None:
    """Ours, Go's, Mustache's and others: what is not a name is never taken for filled."""
    found = marks(text)

    assert (found.names, found.others) == (names, others)
    assert unfilled(text, dict.fromkeys(names, "x")) == others


def test_a_value_is_put_in_once_and_never_read_as_a_placeholder_itself() -> None:
    assert fill("{{a}} {{b}}", {"a": "{{b}}", "b": "x"}) == "{{b}} x"
    assert unfilled("{{a}} {{b}}", {"a": " "}) == ("b",)


@given(st.text(max_size=300))
def test_whatever_a_text_holds_filling_nothing_leaves_it(text: str) -> None:
    assert fill(text, {}) == text
    assert set(unfilled(text, {})) == {*marks(text).names, *marks(text).others}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("a <img src=x onerror=alert(1)> b", "<img"),
        ("![x](https://elsewhere.example/x.png)", "<img"),
        ("[x](javascript:alert(1))", "href"),
        ("[x](JaVaScRiPt:alert(1))", "href"),
        ("[x](data:text/html;base64,AAAA)", "href"),
        ("[x](//elsewhere.example)", "href"),
        ("[x](/o/other/settings/)", "href"),
        ("<javascript:alert(1)>", "href"),
        ("[x]: vbscript:x\n\n[x]", "href"),
        ("[a](https://x.example 'q\" onclick=\"x')", ' onclick="x"'),
        ("<!-- hidden -->", "<!--"),
    ],
)
def test_markdown_shows_what_it_says_and_nothing_else(text: str, never: str) -> None:
    """No HTML, no picture, no link but http, https and mailto."""
    assert never not in to_html(text)


def test_links_to_the_web_and_to_mail_work() -> None:
    html = to_html("[a](https://a.example/) <mailto:x@a.example>\n\n| a |\n|---|\n| b |")

    assert html.count("href=") == html.count('rel="nofollow noopener noreferrer"') == 2
    assert "<table>" in html


def test_headings_never_skip_a_level() -> None:
    html = to_html("### A\n\n###### B\n\n# C\n")

    assert [tag for tag in ("<h2>A", "<h3>B", "<h2>C") if tag in html] == [
        "<h2>A",
        "<h3>B",
        "<h2>C",
    ]


@pytest.mark.parametrize(
    "text", [">" * 50_000, "[" * 50_000, "*" * 50_000, "- " * 20_000, "`" * 9999]
)
def test_a_hostile_text_is_answered(text: str) -> None:
    assert len(to_html(text)) < 10 * len(text) + 1_000


@pytest.mark.parametrize(
    ("name", "raw", "id_", "title"),
    [
        ("Access Control.md", b"# Access\n\nRules.\n", "access-control", "Access"),
        ("x.md", b"---\nid: own\ntitle: Own\n---\nRules.\n", "own", "Own"),
        ("cp.md", b"name: Conduct\nacronym: C\n---\n\n# Purpose\n", "cp", "Conduct"),
        ("corp-gov.md.tmpl", b"# Governance\n\n{{companyShortName}}\n", "corp-gov", "Governance"),
        ("b.md", b"\xef\xbb\xbf# Bom\r\n\r\nRules.\r\n", "b", "Bom"),
    ],
)
def test_a_file_of_another_tool_is_read(name: str, raw: bytes, id_: str, title: str) -> None:
    found, problems = read_policy_file(raw, name=name)

    assert problems == []
    assert found is not None
    assert (found.id, found.title) == (id_, title)
    assert "\r" not in found.text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no title"),
        (b"\xff\xfe", "not UTF-8"),
        (b"# a\x00", "no text has"),
        (b"x" * (LARGEST_FILE + 1), "bytes"),
        (b"---\n- a\n---\n# T\n", "head"),
        (b"---\nid: Not An Id\ntitle: T\n---\nx\n", "no id"),
        (b"---\nid: [x]\ntitle: T\n---\nx\n", "no id"),
        (b"---\na: &x 1\nb: *x\n---\n# T\n", "alias"),
        (b"---\ntitle: T\n---\n", "no text"),
        (b"# T\n" + b"y" * 100_001, "characters"),
    ],
)
def test_a_file_that_is_no_policy_is_named(raw: bytes, said: str) -> None:
    found, problems = read_policy_file(raw, name="a.md")

    assert found is None
    assert said in "; ".join(map(str, problems))
    assert all(each.where == "a.md" for each in problems)


@given(
    title=LINES.filter(str.strip),
    text=LINES.filter(str.strip),
    declared=st.dictionaries(NAMES, LINES.filter(str.strip), max_size=3),
)
def test_what_is_written_is_read_the_same(title: str, text: str, declared: dict[str, str]) -> None:
    file = PolicyFile(
        "own",
        title.strip(),
        text + "\n",
        {name: Declared(said.strip()) for name, said in declared.items()},
    )

    assert read_policy_file(write_policy_file(file).encode(), name="x.md") == (file, [])


def test_the_files_of_a_known_set_are_read_with_what_is_to_be_filled(tmp_path: Path) -> None:
    """As the comply set and JupiterOne's are written: no fence, Go and Mustache."""
    path = tmp_path / "policy-mgmt.md.tmpl"
    path.write_text("# Policies\n\n{{companyShortName}} {{#needGDPR}}\nx\n{{/needGDPR}}\n")
    found, _ = read_policy_file(path.read_bytes(), name=path.name)

    assert found is not None
    text = TextFields(found.text, {"companyShortName": "Larkspur"})
    assert text.filled.splitlines()[2] == "Larkspur {{#needGDPR}}"
    assert text.unfilled == ("{{#needGDPR}}", "{{/needGDPR}}")


def test_fields_are_read_as_they_are_written() -> None:
    fields = PolicyFields("Access", 3, 6, None, ("Engineering",), ("employee",))

    assert read_policy(policy_content(fields)) == (fields, [])
    assert read_policy({"title": "x"})[0] == PolicyFields("x")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({}, "title"),
        ({"title": "x", "review_months": 0}, "review_months"),
        ({"title": "x", "accept_days": 400}, "accept_days"),
        ({"title": "x", "kinds": ["robot"]}, "kinds"),
        ({"title": "x", "departments": ["Nowhere"]}, "departments"),
        ({"title": "x", "colour": "red"}, "colour"),
    ],
)
def test_a_field_that_cannot_be_kept_is_named(content: dict[str, object], where: str) -> None:
    _, problems = read_policy(content, departments=["Engineering"])

    assert where in {each.where for each in problems}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"text": "{{a}}", "values": {"a": "{{b}}"}}, "values: a"),
        ({"text": "{{a}}", "values": {"a": "x" * 301}}, "values: a"),
        ({"text": "{{a}}", "values": {"a": "two\nlines"}}, "values: a"),
        ({"text": "{{a}}", "values": ["a"]}, "values"),
    ],
)
def test_a_text_that_cannot_be_kept_is_named(content: dict[str, object], where: str) -> None:
    assert [each.where for each in read_text(content)[1]] == [where]


def test_a_text_keeps_the_values_that_it_has_a_place_for() -> None:
    """The digest is of the filled text: another value is another text to accept."""
    fields, problems = read_text(
        {
            "text": "{{a}} b",
            "values": {"a": "x", "gone": "y"},
            "placeholders": {"a": {"means": "m"}},
        }
    )

    assert problems == []
    assert fields == TextFields("{{a}} b\n", {"a": "x"}, {"a": Declared("m")})
    assert read_text(text_content(fields)) == (fields, [])
    assert fields.sha256 != TextFields("{{a}} b\n", {"a": "z"}).sha256


def test_names_of_files_give_ids() -> None:
    assert [id_of(name) for name in ("a/B C.md", "x.md.tmpl", "é.md", "..")] == ["b-c", "x", "", ""]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
    ],
)
def test_a_review_is_due_on_the_same_day_of_a_later_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later
