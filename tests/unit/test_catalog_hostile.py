"""Files made to break a reader: each is refused within two seconds, with a reason."""

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reperform.catalog.imports.check import check_import
from reperform.catalog.imports.json_tree import parse_json
from reperform.catalog.imports.unreadable import UnreadableError

SUITE = Path(__file__).resolve().parents[3] / "shared/data/webinput/json-test-suite"

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HUGE = 15_000_000

HOSTILE = [
    ("bomb.yaml", BOMB, "uses an alias"),
    ("tag.yaml", "!!python/object/apply:os.system [id]", "uses a tag"),
    ("deep.yaml", "[" * 100_000, "nest"),
    ("deep.yml", "- " * 100_000, "nested more than 64 deep"),
    ("map.yaml", "{a: " * 100_000, "nest"),
    ("key.yaml", "? [1]\n: 2\n", "key that is not text"),
    ("two.yaml", "a: 1\n---\nb: 2\n", "second document"),
    ("control.yaml", "a: \x07", "is not YAML"),
    ("open.yaml", "a: [1, 2", "is not YAML"),
    ("empty.yaml", "", "is empty"),
    ("many.yaml", "- a\n" * 3_000_000, "more than 60,000 values"),
    ("long.yaml", "a: " + "x" * HUGE, "characters"),
    ("longkey.yaml", "? " + "x" * HUGE + "\n: a\n", "characters"),
    ("blanks.yaml", "a:" + " " * HUGE + "b\n", "no entry in it"),
    ("deep.json", "[" * 100_000, "nested more than 64 deep"),
    ("closed.json", "[" * 100_000 + "]" * 100_000, "nested more than 64 deep"),
    ("object.json", '{"a":' * 100_000, "nested more than 64 deep"),
    ("nan.json", "[NaN]", "NaN is no JSON value"),
    ("infinity.json", "[-Infinity]", "-Infinity is no JSON value"),
    ("number.json", "[" + "9" * HUGE + "]", "characters"),
    ("string.json", '["' + "x" * HUGE + '"]', "characters"),
    ("many.json", "[" + "[]," * 5_000_000, "more than 60,000 values"),
    ("blank.json", " " * HUGE, "there is the end"),
    ("empty.json", "", "there is the end"),
    ("comment.json", "// {}\n[]", "a value was expected"),
    ("trailing.json", "[] []", "the end was expected"),
    ("wide.csv", "id" + "," * 1_000_000 + "\n", "more than 200 columns"),
    ("row.csv", "id,text\n" + "," * HUGE, "characters"),
    ("field.csv", "id,text\nCC1.1," + "x" * HUGE, "characters"),
    ("quoted.csv", 'id,text\nCC1.1,"' + "x\n" * 7_000_000 + '"', "field larger than field limit"),
    ("open.csv", 'id,text\nCC1.1,"x\n', "is not CSV"),
    ("rows.csv", "id,text\n" + "CC1.1,x\n" * 1_000_000, "more than 20,000 rows"),
    ("header.csv", "CC1.1,Text\n", "no header with a column of ids"),
    ("empty.csv", "", "no header with a column of ids"),
    ("large.csv", "x" * 16_000_001, "larger than 16,000,000 bytes"),
    ("zero.json", '["\x00"]', "zero byte"),
    ("nothing.txt", "CC1.1", "has a name that does not say what it is"),
    ("scalar.json", '"CC1.1"', "no entry in it has the id of a criterion"),
    ("others.json", '[{"id": "AC-1", "text": "x"}]', "no entry in it has the id of a criterion"),
]


@pytest.mark.parametrize(("name", "content", "reason"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_is_refused_within_two_seconds(
    name: str, content: str, reason: str, tmp_path: Path
) -> None:
    """One problem, which says why; nothing is raised."""
    path = tmp_path / name
    path.write_text(content)
    del content

    began = time.process_time()
    (problem,) = check_import(path).problems

    assert time.process_time() - began < 2
    assert reason in problem.what
    assert problem.where.startswith(str(path))
    assert problem.todo


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"CC1.1: Caf\xe9\n", "line 1: byte 0xe9 is not UTF-8"),
        (b"name: x\nCC1.1: \x80\n", "line 2: byte 0x80 is not UTF-8"),
        (b"\xef\xbb\xbfCC1.1: x\n", "line 1: begins with a byte order mark"),
        ("CC1.1: x\n".encode("utf-16"), "is UTF-16: save it as UTF-8"),
        ("CC1.1: x\n".encode("utf-32"), "is UTF-32: save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00", "holds a zero byte"),
        (b"a: [\xff", "line 1: byte 0xff is not UTF-8"),
    ],
)
def test_broken_encoding_is_named_with_its_line(raw: bytes, said: str, tmp_path: Path) -> None:
    """Where the rest can be read, the rest is checked too."""
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)

    assert said in str(check_import(path).problems[0])


def test_a_place_that_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    """Not there, an empty folder, a named pipe, a device, a name that cannot be."""
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "empty").mkdir()
    places = {
        tmp_path / "missing.yaml": "No such file",
        tmp_path / "empty": "holds no file that ends in .yaml",
        tmp_path / "pipe.json": "is not a regular file",
        Path("/dev/zero"): "is not a regular file",
        tmp_path / ("x" * 5_000): "name too long",
        Path("a\0b.json"): "null byte",
    }

    for place, reason in places.items():
        (problem,) = check_import(place).problems
        assert reason in problem.what


def test_a_sparse_file_of_terabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    """It is not read."""
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    assert "larger than 16,000,000 bytes" in check_import(path).problems[0].what


def test_the_files_of_a_folder_share_one_limit(tmp_path: Path) -> None:
    """A thousand files below the limit are not a way around it."""
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(" " * 9_000_000 + "[]")

    assert "together with the files before it" in str(check_import(tmp_path).problems)


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    """Somebody named the wrong folder."""
    for number in range(501):
        (tmp_path / f"{number}.json").touch()

    (problem,) = check_import(tmp_path).problems
    assert "too many files" in problem.what


def test_links_and_hidden_folders_are_not_followed(tmp_path: Path) -> None:
    """A link to a parent would never end."""
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.json").write_text("broken")
    (tmp_path / "a.csv").write_text("id,text\nCC1.1,x\n")

    assert {problem.slug for problem in check_import(tmp_path).problems} == {"criterion-missing"}


@pytest.mark.skipif(not SUITE.is_dir(), reason="the JSON test suite is not there")
@pytest.mark.parametrize("kind", ["y", "n", "i"])
def test_json_is_read_as_its_test_suite_says(kind: str) -> None:
    """Every y_ text is JSON, no n_ text is, and on i_ a reader may choose; none crashes."""
    files = sorted(SUITE.glob(f"{kind}_*.json"))
    assert len(files) > 30

    for path in files:
        problems = check_import(path).problems
        refused = any("is not JSON" in p.what or "UTF-8" in p.what for p in problems)
        refused |= any("zero byte" in p.what or "nested" in p.what for p in problems)
        assert problems, path.name
        if kind != "i":
            assert refused is (kind == "n"), (path.name, problems)


@pytest.mark.parametrize(
    "text",
    [
        "[1,]",
        "[,1]",
        "[1 2]",
        '{"a" 1}',
        '{"a":}',
        "{a: 1}",
        "{'a': 1}",
        '{"a":1,}',
        "[1}",
        '{"a":1]',
        "]",
        "01",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[0x1]",
        '["\t"]',
        '["\\x"]',
        '["\\u12"]',
        "tru",
        '{"a":1 "b":2}',
        "[1]]",
        "nul",
        "[--1]",
        "[1e]",
        "\ufeff[]",
        "\xa0[]",
        "{1: 2}",
        '["a',
    ],
)
def test_what_is_almost_json_is_not_json(text: str) -> None:
    """No leniency: another reader might understand another thing."""
    with pytest.raises(UnreadableError, match="is not JSON"):
        parse_json(text, where="a.json")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_whatever_is_json_is_read_as_json(value: object) -> None:
    """Whatever the standard library writes, in either of its ways."""
    for text in (json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False)):
        parse_json(text.encode("utf-8", "replace").decode(), where="a.json")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    suffix=st.sampled_from([".yaml", ".json", ".csv"]),
    content=st.binary()
    | st.text().map(str.encode)
    | st.text("[]{},:;\"'-&*!|>%@# \n\tCcPpIiA1.2id", max_size=60).map(str.encode),
)
def test_whatever_a_file_holds_nothing_is_raised(
    suffix: str, content: bytes, tmp_path: Path
) -> None:
    """Every file of a few bytes has problems, and each says where, what and what to do."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)

    problems = check_import(path).problems

    assert problems
    for problem in problems:
        assert problem.where
        assert problem.what
        assert problem.todo
        assert re.fullmatch(r"[a-z0-9-]+", problem.slug)
