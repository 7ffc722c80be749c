"""The program as files: values become YAML and come back, and what is hostile is refused."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from reperform.program.code import Kind, Standing, digest, in_order
from reperform.program.code.emit import yaml_text
from reperform.program.code.parse import UnreadableError, parse_yaml
from reperform.program.code.plan import Plan, Wanted, plan_of
from reperform.program.code.read import Program, read_program
from reperform.program.code.write import LOCK, program_files

NAUGHTY = Path(__file__).parents[3] / "shared/data/webinput/blns/blns.json"
KINDS = (
    Kind("scope", "scope.yaml", ("system", "note", "parts"), "The scope."),
    Kind("controls", "controls/", ("title", "ids", "text"), "A control.", body="text"),
    Kind("risks", "risks.yaml", ("title", "owner", "when"), "The risks.", key="number"),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
ODD = st.sampled_from(
    [
        *("no", "Yes", "null", "~", "1e3", "0x1F", "12:30", "1_000", "2026-01-31", "- a", "# a"),
        *("a: b", "a #b", "[a]", "{a}", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'", '"'),
        *("a\n", "\na", "a\n\n b\n", " a\nb", "a\nb ", "a\tb", "a\r\nb", "a\u2028b", "\ufeffa"),
        *("x" * 200, "word " * 60 + "end", "two  spaces " * 20, "a\x85b", "---", "...", "=", "<<"),
        *("2001-12-14t21:59:43.10-05:00", ".inf", "-.NaN", "+1", "0o17", "\U0001f600 a", "\x7f"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | TEXTS | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | ODD, inner, max_size=4),
    max_leaves=12,
)


def back(text: str) -> Any:  # noqa: ANN401 - any JSON value
    node = parse_yaml(text)
    return node.plain() if node else None


@given(st.dictionaries(TEXTS | ODD, VALUES, max_size=5))
@example({"a": ["", {}, [], {"b": [{"c": "d\ne", "f": [1, None, True]}]}]})
def test_a_value_comes_back_as_it_was(value: dict[str, Any]) -> None:
    """Whatever the texts are; and other readers of YAML see the same texts."""
    text = yaml_text(value)

    assert back(text) == value
    assert yaml_text(back(text)) == text
    assert yaml.load(text, Loader=yaml.BaseLoader) == _texts(value)  # noqa: S506 - only texts


def _texts(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as a reader sees it that takes everything for text."""
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return value if isinstance(value, str) else json.dumps(value)


@given(TEXTS | ODD)
def test_no_reader_takes_a_text_for_something_else(text: str) -> None:
    """YAML 1.1, as PyYAML reads it, has numbers, days and times that are texts to us."""
    if text.strip() == text and len(text) == 10 and text[4:5] == "-":
        return  # a day stands as a day on purpose

    assert yaml.safe_load(yaml_text({"a": text})) == {"a": text}


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared lists are not beside the checkout")
def test_naughty_strings_come_back_from_every_kind_of_file() -> None:
    every = [text for text in json.loads(NAUGHTY.read_text("utf-8")) if text.strip()]
    contents = {
        "scope": {"scope": {"system": every[0], "parts": every}},
        "controls": {f"C-{at}": {"title": each, "text": each} for at, each in enumerate(every)},
        "risks": {str(at + 1): {"title": each} for at, each in enumerate(every)},
    }
    files = program_files(contents, KINDS)

    program = read_program(files, KINDS)

    assert not program.problems
    assert {item.name: dict(item.content) for item in program.items.values()} == {
        kind.named(key): content for kind in KINDS for key, content in contents[kind.name].items()
    }
    assert len(every) > 400


CONTENTS = st.fixed_dictionaries(
    {
        "scope": st.just({}) | st.fixed_dictionaries({"scope": st.dictionaries(
            st.sampled_from(KINDS[0].fields), VALUES, min_size=1)}),
        "controls": st.dictionaries(
            st.from_regex(r"[A-Z]{2,4}-[0-9]{2}", fullmatch=True),
            st.fixed_dictionaries({"title": TEXTS | ODD, "text": TEXTS | ODD}),
            max_size=4,
        ),
        "risks": st.dictionaries(
            st.integers(1, 10**8).map(str),
            st.fixed_dictionaries({"title": TEXTS | ODD, "when": VALUES}),
            max_size=4,
        ),
    }
)  # fmt: skip


@given(CONTENTS)
def test_files_that_were_read_are_written_the_same(contents: Any) -> None:  # noqa: ANN401 - generated
    """What is empty is not written.  No register has a text that ends with a carriage return."""
    for each in contents["controls"].values():
        each["text"] = each["text"].replace("\r\n", "\n").rstrip("\r")
    files = program_files(contents, KINDS)
    program = read_program(files, KINDS)

    assert not program.problems
    again: dict[str, dict[str, Any]] = {}
    for item in program.items.values():
        again.setdefault(item.kind.name, {})[item.key] = item.content
    assert program_files(again, KINDS) == files
    assert program.lock == {item.name: digest(item.content) for item in program.items.values()}


def refused(text: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        parse_yaml(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: &x [1]\nc: *x\n", 3, "alias"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "tag"),
        ("a: 1\nb: !!binary aGk=\n", 2, "tag"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: [1\n", 2, "is not YAML"),
        ("a: 1\n? [b]\n: 2\n", 2, "key that is not text"),
        ("[" * 50_000, 1, "nest"),
        ("a: \x07\n", 1, "is not YAML"),
        ("- 1\n" * 500_002, 500_000, "more than 500,000 values"),
        ("x" * 5_000_001, 1, "characters"),
    ],
)
def test_hostile_yaml_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    begun = time.process_time()

    refusal = refused(text)

    assert what in refusal.what
    assert refusal.line == line
    assert time.process_time() - begun < 20


def test_a_bomb_of_aliases_is_refused_before_it_expands() -> None:
    """Nine levels of nine would be 387 million values."""
    lines = ['a0: &a0 ["x"]'] + [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 10)
    ]

    assert refused("\n".join(lines)).line == 2


def test_words_that_old_yaml_takes_for_something_else_are_text() -> None:
    text = "a: no\nb: 12:30\nc: 2026-01-31\nd: 1_000\ne: 0x1F\nf: .inf\ng: 12\nh: true\ni: ~\nj:\n"

    assert back(text) == {
        "a": "no",
        "b": "12:30",
        "c": "2026-01-31",
        "d": "1_000",
        "e": "0x1F",
        "f": ".inf",
        "g": 12,
        "h": True,
        "i": None,
        "j": None,
    }


@pytest.mark.parametrize(
    ("path", "raw", "said"),
    [
        ("control/C-01.md", b"", "control/C-01.md: is no file of a program"),
        ("controls/sub/C-01.md", b"", "is no file of a program"),
        ("risk.yml", b"", "risk.yml: is no file of a program"),
        ("controls/C-01.md", b"title: x\n", "controls/C-01.md: line 1: has no head"),
        ("controls/C-01.md", b"---\na: 1\na: 2\n---\n", "controls/C-01.md: line 3: the key"),
        ("controls/C-01.md", b"---\ntext: 1\n---\n", "line 2: has text in its head"),
        ("controls/C 01.md", b"---\n---\n", "has a name that no item has"),
        ("risks.yaml", b"a: 1\n", "risks.yaml: line 1: is not a list"),
        ("risks.yaml", b"- title: x\n", "risks.yaml: line 1: is a row without number"),
        ("risks.yaml", b"- number: 1\n\n- number: 1\n", "risks.yaml: line 3: risks/1 is there"),
        ("risks.yaml", b"- number: 1\n  title: \xff\n", "risks.yaml: line 2: is not UTF-8"),
        ("risks.yaml", b"\x00", "holds a character that no text has"),
        ("risks.yaml", b"- number: [1]\n", "has a name that no item has"),
        (LOCK, b"format: other\n", "is not of the format"),
        (LOCK, b"format: reperform-program/1\nitems: [1]\n", "is not as it was written"),
        ("notes.txt", b"", "holds no file of a program"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(path: str, raw: bytes, said: str) -> None:
    problems = read_program({path: raw}, KINDS).problems

    assert any(said in str(problem) for problem in problems), problems


def test_files_of_others_beside_the_program_are_none_of_its() -> None:
    """A folder of git has more in it."""
    files = program_files({"risks": {"1": {"title": "x"}}}, KINDS)
    more = {".git/config.yaml": b"\xff", "ci/.hidden/x.md": b"", "LICENSE": b"", "Makefile": b""}

    assert not read_program({**files, **more}, KINDS).problems


def planned(
    files: dict[str, bytes], stands: dict[str, dict[str, Any]], *, over: tuple[str, ...] = ()
) -> Plan:
    program: Program = read_program(files, KINDS)
    wanted = Wanted({item.name: item.content for item in program.items.values()})
    standing = {
        name: {key: Standing(content, 1, "bo") for key, content in items.items()}
        for name, items in stands.items()
    }
    return plan_of(program, wanted, standing, kinds=KINDS, over=over)


OLD = {"risks": {"1": {"title": "Fire"}, "2": {"title": "Flood"}}}


def test_a_plan_says_what_changes_field_by_field() -> None:
    files = program_files(OLD, KINDS)
    files["risks.yaml"] = (
        files["risks.yaml"].replace(b"Fire", b"Big fire") + b"\n- number: 3\n  title: Frost\n"
    )

    plan = planned(files, OLD)

    first, second = plan.changes
    assert [(each.name, each.before, each.after) for each in first.fields] == [
        ("title", "Fire", "Big fire")
    ]
    assert second.before is None
    assert not plan.is_refused


def test_an_item_that_is_not_in_the_files_stays() -> None:
    plan = planned({"risks.yaml": b"- number: 1\n  title: Fire\n"}, OLD)

    assert not plan.changes
    assert plan.absent == ("risks/2",)


def test_applying_old_files_over_newer_changes_is_a_loss_unless_it_is_named() -> None:
    """Whether the files were edited since or not: either way somebody's words would go."""
    files = program_files(OLD, KINDS)
    newer = {"risks": {"1": {"title": "Fire and smoke"}, "2": {"title": "Flood"}}}

    assert [change.item.name for change in planned(files, newer).losses] == ["risks/1"]
    assert not planned(files, newer, over=("risks/1",)).losses
    assert "risks/9" in str(planned(files, newer, over=("risks/9",)).problems[0])
    del files[LOCK]
    assert planned(files, newer).losses
    assert not planned(files, OLD).losses
    assert not planned(files, {}).losses


def test_who_changed_it_and_changed_it_back_lost_nothing() -> None:
    """The lock knows contents, not versions: it serves another organization as well."""
    files = program_files(OLD, KINDS)
    files["risks.yaml"] = files["risks.yaml"].replace(b"Fire", b"Smoke")

    assert not planned(files, OLD).losses


def test_keys_are_in_the_order_of_numbers() -> None:
    assert in_order({"10": 0, "9": 0, "B-1": 0, "A-10": 0}) == ["9", "10", "A-10", "B-1"]
