"""Catalogs that users bring: every usual shape is read, and every flaw is named with its place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reperform.catalog.criteria import CATEGORIES, CRITERION_IDS, category_of
from reperform.catalog.imports.check import check_import
from reperform.catalog.imports.proof import Proof
from reperform.catalog.library import library_folder

Catalog = dict[str, str]
DATA = Path(__file__).resolve().parents[3] / "shared/data"


@pytest.fixture
def proof(tmp_path: Path) -> Callable[[str, str], Proof]:
    """Return a function that checks a file of this name with this content."""

    def checked(name: str, content: str) -> Proof:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        return check_import(path)

    return checked


def texts() -> Catalog:
    return {name: f"Text of {name}" for name in CRITERION_IDS}


def listed(catalog: Catalog) -> list[dict[str, str]]:
    return [{"id": name, "text": text} for name, text in catalog.items()]


def lines(proof: Proof) -> list[str]:
    """Return the problems without the folder of the file."""
    return [str(problem).rpartition("/")[2] for problem in proof.problems]


SHAPES: dict[str, tuple[str, Callable[[Catalog], str]]] = {
    "a list in YAML": (
        "a.yaml",
        lambda c: "".join(f"- id: {name}\n  title: {text}\n" for name, text in c.items()),
    ),
    "a list under a name": (
        "a.yml",
        lambda c: "criteria:\n" + "".join(f"- {{id: {n}, text: {t}}}\n" for n, t in c.items()),
    ),
    "ids as keys, beside a name": (
        "a.yml",
        lambda c: (
            "name: TSC\n"
            + "".join(f"{n}:\n  name: {t}\n  description: {t}\n" for n, t in c.items())
        ),
    ),
    "ids as keys of texts": (
        "a.yaml",
        lambda c: "version: 2017\n" + "".join(f"{n}: {t}\n" for n, t in c.items()),
    ),
    "keys below their categories": (
        "a.json",
        lambda c: json.dumps(
            {k: {n: t for n, t in c.items() if category_of(n) == k} for k in CATEGORIES}
        ),
    ),
    "a list in JSON": ("a.json", lambda c: json.dumps(listed(c))),
    "requirements with attributes": (
        "a.json",
        lambda c: json.dumps(
            {
                "Framework": "SOC2",
                "Requirements": [
                    {
                        "Id": n.lower().replace(".", "_"),
                        "Name": t,
                        "Description": t,
                        "Attributes": [{"ItemId": n, "Section": "x"}],
                        "Checks": ["iam_root_mfa"],
                    }
                    for n, t in c.items()
                ],
            }
        ),
    ),
    "groups of controls": (
        "a.json",
        lambda c: json.dumps(
            {
                "catalog": {
                    "groups": [
                        {
                            "id": k,
                            "title": k,
                            "controls": [
                                {"id": n, "title": t, "parts": [{"id": n + "_smt"}]}
                                for n, t in c.items()
                                if category_of(n) == k
                            ],
                        }
                        for k in CATEGORIES
                    ]
                }
            }
        ),
    ),
    "comma-separated": (
        "a.csv",
        lambda c: "ID,Text\n" + "".join(f'{n},"{t}, and more"\n' for n, t in c.items()),
    ),
    "semicolons, and a number beside the id": (
        "a.csv",
        lambda c: (
            "No;Ref;Beschreibung;Description\n"
            + "".join(f"{i};{n};x;{t}\n" for i, (n, t) in enumerate(c.items()))
        ),
    ),
    "tabs": (
        "a.tsv",
        lambda c: "Criteria ID\tCriterion Text\n" + "".join(f"{n}\t{t}\n" for n, t in c.items()),
    ),
    "only a column of criteria": (
        "a.csv",
        lambda c: "Criteria,Description\n" + "".join(f"{n},{t}\n" for n, t in c.items()),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_whole_catalog_is_proven_in_any_usual_shape(
    shape: str, proof: Callable[[str, str], Proof]
) -> None:
    """All 61, each once, and nothing to put right."""
    name, write = SHAPES[shape]

    found = proof(name, write(texts()))

    assert lines(found) == []
    assert found.counted == ("61 of 61 criteria, each once",)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_missing_and_an_invented_criterion_are_found_in_any_shape(
    shape: str, proof: Callable[[str, str], Proof]
) -> None:
    """CC6.4 is taken out and CC6.9 put in."""
    name, write = SHAPES[shape]
    catalog = {"CC6.9" if key == "CC6.4" else key: text for key, text in texts().items()}

    # The shapes that sort by category ask for it, and an invented id has the category of its kind.
    found = proof(name, write(catalog))

    assert found.counted == ("60 of 61 criteria, each once",)
    assert len(found.problems) == 2
    assert "CC6.9" in lines(found)[0].upper().replace("_", ".")
    assert "is none of the 61 ids" in lines(found)[0]
    assert "1 of 33 security criteria are missing: CC6.4: add them" in lines(found)[1]


def test_a_repeated_criterion_is_named_with_both_places(proof: Callable[[str, str], Proof]) -> None:
    """Whichever spelling it has the second time."""
    rows = listed(texts())
    rows.insert(1, {"id": "cc_1_1", "text": "again"})
    content = "[\n" + ",\n".join(map(json.dumps, rows)) + "\n]"

    found = proof("a.json", content)

    assert found.counted == ("61 of 61 criteria",)
    assert len(found.problems) == 1
    assert lines(found)[0].startswith("a.json: line 2")
    assert found.problems[0].slug == "criterion-twice"
    assert found.problems[0].where.endswith("a.json: line 3")


def test_other_spellings_are_read_and_reported(proof: Callable[[str, str], Proof]) -> None:
    """A reader should know what the program took an id for."""
    catalog = texts()
    content = "id,text\n" + "".join(
        f"{name.replace('CC', 'CC ').replace('.', '-')},{text}\n" for name, text in catalog.items()
    )

    found = proof("a.csv", content)

    assert lines(found) == []
    assert found.notes[0].startswith(
        "61 ids are spelled differently and were read: 'CC 1-1' as CC1"
    )
    assert found.notes[0].endswith("and 56 more")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'CC1.1' has no text here: write what it asks for [text-empty]"),
        ("   ", "'CC1.1' has no text here"),
        ("TBD", "'CC1.1' has no text here"),
        ("ends ", "ends with a blank: remove the blanks [text-blanks]"),
        (" begins", "begins with a blank"),
        ("a \nb", "ends with a blank"),
        ("entity\u00e2\u20ac\u2122s", "where '\u2019' was meant: read the original as UTF-8"),
        ("caf\u00c3\u00a9", "where '\u00e9' was meant"),
        ("the entity\u00e2\u0080\u0099s", "where '\u2019' was meant"),
        ("lost \ufffd", "U+FFFD: a character was lost"),
        ("bell\x07", "control character U+0007"),
        ("right\u202eleft", "invisible character U+202E"),
        ("zero\u200bwidth", "invisible character U+200B"),
        ("half \ud800", "half of a surrogate pair"),
        ("e\u0301", "not composed"),
    ],
)
def test_a_flaw_in_a_text_is_named_with_line_and_field(
    text: str, said: str, proof: Callable[[str, str], Proof]
) -> None:
    """The same in JSON, where escapes can hide it."""
    catalog = texts() | {"CC1.1": text}

    found = proof("a.json", "[\n" + ",\n".join(map(json.dumps, listed(catalog))) + "\n]")

    assert any(
        line.startswith("a.json: line 2: text: ") and said in line for line in lines(found)
    ), lines(found)
    assert found.counted == ("61 of 61 criteria, each once",)


@pytest.mark.parametrize(
    "text",
    [
        "the entity\u2019s objectives \u2013 \u201call\u201d of them",
        "Ma\u00dfnahmen f\u00fcr \u201eSpa\u00df\u201c und \u00c4nderungen",
        "pr\u00e9c\u00e9d\u00e9 de \u00ab\u00a0\u00e0\u00a0\u00bb, \u00c0 bient\u00f4t",
        "N\u00c3O e AC\u00c7\u00c3O",
        "\u7ba1\u7406\u8005\u306f\u76ee\u7684\u3092\u5b9a\u3081\u308b",
        "two\nlines and\ttab",
    ],
)
def test_honest_texts_in_other_languages_have_no_flaw(
    text: str, proof: Callable[[str, str], Proof]
) -> None:
    """A check that cries over an umlaut is switched off."""
    found = proof("a.json", json.dumps(listed(texts() | {"CC1.1": text})))

    assert lines(found) == []


def test_blanks_at_the_end_of_a_line_of_yaml_are_found(proof: Callable[[str, str], Proof]) -> None:
    """The parser drops them; a comparison of two files would not."""
    content = "".join(f"{name}: {text}\n" for name, text in texts().items())

    found = proof("a.yaml", content.replace("Text of CC1.2\n", "Text of CC1.2  \n"))

    assert lines(found) == ["a.yaml: line 2: ends with a blank: remove the blanks [text-blanks]"]


def test_an_id_in_letters_that_only_look_latin_is_invented(
    proof: Callable[[str, str], Proof],
) -> None:
    """Cyrillic Es looks like C; the message says which character it is."""
    rows = [row | {"id": row["id"].replace("CC8", "\u0421C8")} for row in listed(texts())]

    found = proof("a.json", json.dumps(rows))

    assert "is written with U+0421" in lines(found)[0]
    assert "missing: CC8.1" in lines(found)[1]


def test_a_partial_catalog_is_proven_for_the_categories_that_are_asked(tmp_path: Path) -> None:
    """The common criteria alone are 33 of 33; without asking, the others are missing."""
    path = tmp_path / "security.json"
    path.write_text(json.dumps([r for r in listed(texts()) if category_of(r["id"]) == "security"]))

    asked = check_import(path, categories=["security"])

    assert asked.counted == ("33 of 33 criteria of security, each once",)
    assert asked.problems == ()
    missing = [problem.what for problem in check_import(path).problems]
    assert [what.partition(" criteria")[0] for what in missing] == [
        "3 of 3 availability",
        "5 of 5 processing integrity",
        "2 of 2 confidentiality",
        "18 of 18 privacy",
    ]


def test_a_catalog_of_controls_is_proven_by_the_criteria_it_refers_to(
    proof: Callable[[str, str], Proof],
) -> None:
    """Each control once, each reference to a criterion that exists, no criterion left out."""
    controls = {
        f"AC-{at:02}": {"title": name, "description": name, "criteria_mappings": [name]}
        for at, name in enumerate(CRITERION_IDS)
    }
    whole = proof("controls.json", json.dumps(controls))
    controls["AC-00"]["criteria_mappings"] = ["CC1.9"]
    spoiled = proof("controls.json", json.dumps(controls))

    assert whole.counted == ("61 controls, each once", "61 of 61 criteria served by them")
    assert whole.problems == ()
    assert "'AC-00' refers to 'CC1.9', which does not exist" in lines(spoiled)[0]
    assert "no control serves 1 of 61 criteria: CC1.1" in lines(spoiled)[1]


def test_a_table_of_controls_is_not_taken_for_one_of_criteria(
    proof: Callable[[str, str], Proof],
) -> None:
    """Its id column holds the controls', even where each refers to a single criterion."""
    content = "id,title,criteria\n" + "".join(
        f'C-{at},Control,"{name}"\n' for at, name in enumerate(CRITERION_IDS)
    )

    assert proof("a.csv", content).counted == (
        "61 controls, each once",
        "61 of 61 criteria served by them",
    )


def test_a_folder_is_one_catalog(tmp_path: Path) -> None:
    """Files that hold something else are noted; a criterion in two files is there twice."""
    for category in CATEGORIES:
        rows = [row for row in listed(texts()) if category_of(row["id"]) == category]
        (tmp_path / f"{category}.json").write_text(json.dumps(rows))
    (tmp_path / "settings.yaml").write_text("theme: dark\n")
    whole = check_import(tmp_path)
    (tmp_path / "more.csv").write_text("id,text\nCC6.1,again\n")
    twice = check_import(tmp_path)

    assert whole.problems == ()
    assert whole.counted == ("61 of 61 criteria, each once",)
    assert whole.notes == (f"{tmp_path}/settings.yaml holds no criteria and no controls",)
    assert [problem.slug for problem in twice.problems] == ["criterion-twice"]


def test_our_own_criteria_are_read_as_anybodys() -> None:
    """The general reader and the strict one agree on our files."""
    found = check_import(library_folder() / "criteria")

    assert found.problems == ()
    assert found.counted == ("61 of 61 criteria, each once",)
    assert found.notes == ("9 of 9 description criteria are there too",)


def test_keys_that_are_there_twice_are_named(proof: Callable[[str, str], Proof]) -> None:
    """Most readers drop one of them in silence."""
    rows = json.dumps(listed(texts()))[1:-1]
    in_json = proof("a.json", f"[{rows.replace(chr(34) + 'text', chr(34) + 'id', 1)}]")
    in_yaml = proof("a.yaml", "CC1.1: a\nCC1.1: b\n")

    assert "the key 'id' is there twice, first in line 1" in lines(in_json)[0]
    assert lines(in_yaml)[0].startswith("a.yaml: line 2: the key 'CC1.1' is there twice")


def test_ids_and_words_stay_as_they_are_spelled(proof: Callable[[str, str], Proof]) -> None:
    """YAML would read `1.10` as a number and `no` as false; here they are a text."""
    content = "".join(f"- {{id: {name}, text: no}}\n" for name in CRITERION_IDS)

    assert lines(proof("a.yaml", content)) == []


def test_a_row_with_too_few_fields_is_named(proof: Callable[[str, str], Proof]) -> None:
    """An unquoted comma moves a text into the next column."""
    content = "id,text\n" + "".join(f"{name},{text}\n" for name, text in texts().items())

    found = proof("a.csv", content.replace("Text of CC1.2", "Text, of CC1.2"))

    assert lines(found)[0].startswith("a.csv: row 3: has 3 fields, and the header has 2")


@pytest.mark.skipif(not (DATA / "soc2").is_dir(), reason="the public data sets are not there")
@pytest.mark.parametrize(
    ("file", "counted", "problems"),
    [
        ("comply/TSC-2017.yml", ("61 of 61 criteria, each once",), 0),
        ("prowler/soc2_aws.json", ("27 of 61 criteria, each once",), 4),
        (
            "chiaro/controls.json",
            ("89 controls, each once", "61 of 61 criteria served by them"),
            0,
        ),
        ("chiaro/test_attributes.json", (), 1),
        ("vsaq/infrastructure.json", (), 1),
    ],
)
def test_public_catalogs_are_read_as_they_are(
    file: str, counted: tuple[str, ...], problems: int
) -> None:
    """Files that nobody wrote for this test."""
    found = check_import(DATA / "soc2" / file)

    assert found.counted == counted
    assert len(found.problems) == problems
