"""Files of an unknown tool: rows by a mapping that the user states, and nothing guessed."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from collected import Collected, put
from reperform.base.table import Type
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.contract import Asking
from reperform.connectors.lists import CONNECTOR
from reperform.connectors.lists.connector import day_of, source
from reperform.connectors.lists.rules import RuleError, read_rules
from reperform.connectors.lists.told import NOUNS
from reperform.connectors.populations import TABLES
from reperform.connectors.settings import Access, read_settings

AT = datetime(2026, 3, 5, 12, tzinfo=UTC)
ROSTER = b"""id,first,last,mail,hired,left,salary
1,Ana,Diaz,Ana@Example.org,17-06-2013,,100
2,Bo,Li,bo@example.org,02-01-2024,28-02-2026,90
"""
PEOPLE = (
    "person_uid = id",
    "name = first + last",
    "email = mail | lower",
    "employment = 'employee'",
    "started_on = hired | DD-MM-YYYY",
    "ended_on = left | DD-MM-YYYY",
)
LEAVERS = ("person_uid = id", "left_at = left | DD-MM-YYYY end only")


def access(folder: Path, table: str, mapping: tuple[str, ...], **more: Any) -> Access:  # noqa: ANN401 - settings
    said = {"folder": str(folder), "table": table, "system": "hr example", "mapping": list(mapping)}
    found, problems = read_settings(CONNECTOR.settings, {**said, "dated": "collected", **more})
    assert problems == []
    return found


def collected(
    tmp_path: Path,
    files: dict[str, bytes],
    table: str = "people",
    mapping: tuple[str, ...] = PEOPLE,
    since: date | None = None,
    **more: Any,  # noqa: ANN401 - settings
) -> Collected:
    place = tmp_path / "lists"
    place.mkdir(exist_ok=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    (question,) = CONNECTOR.questions(access(place, table, mapping, **more), Asking(AT, since))
    return put(question, source(table), tmp_path, AT)


def test_a_roster_becomes_people_and_says_nothing_that_it_does_not_hold(tmp_path: Path) -> None:
    """What is empty is NULL; fields that nobody mapped stay in the file."""
    found = collected(tmp_path, {"hr.csv": ROSTER})
    assert found.of("population.people") == [
        {
            "system": "hr example",
            "observed_at": "2026-03-05 12:00:00",
            "person_uid": "1",
            "name": "Ana Diaz",
            "email": "ana@example.org",
            "employment": "employee",
            "started_on": "2013-06-17",
        },
        {
            "system": "hr example",
            "observed_at": "2026-03-05 12:00:00",
            "person_uid": "2",
            "name": "Bo Li",
            "email": "bo@example.org",
            "employment": "employee",
            "started_on": "2024-01-02",
            "ended_on": "2026-02-28",
        },
    ]
    cover = found.covers["population.people"]
    assert (cover.first, cover.last) == (date(2026, 3, 5), date(2026, 3, 5))


def test_the_same_roster_becomes_leavers_by_another_mapping(tmp_path: Path) -> None:
    """Who has no last day has not left; the list covers the whole days before it was made."""
    found = collected(
        tmp_path, {"hr.csv": ROSTER}, "leavers", LEAVERS, date(2026, 1, 1), zone="Europe/Berlin"
    )
    assert found.of("population.leavers") == [
        {"system": "hr example", "person_uid": "2", "left_at": "2026-02-28 22:59:59"}
    ]
    cover = found.covers["population.leavers"]
    assert (cover.first, cover.last) == (date(2026, 1, 1), date(2026, 3, 4))


def workbook(*rows: list[Any]) -> bytes:
    made, file = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    made.save(file)
    return file.getvalue()


DEVICES = [
    {"serial": "A1", "disk": {"vault": "On"}, "lock": True, "tags": ["x"]},
    {"serial": "A2", "disk": {"vault": "n/a"}, "lock": False},
]
ENDPOINTS = (
    "device_uid = serial",
    "is_encrypted = disk.vault | yes: On, Encrypted; no: Off",
    "locks_screen = lock | yes: True; no: False",
)
FORMS = {
    "a list": json.dumps(DEVICES).encode(),
    "an object around a list": json.dumps({"total": 2, "devices": DEVICES}, indent=1).encode(),
    "a line each": b"\n".join(json.dumps(each).encode() for each in DEVICES),
    "CSV": b"\xef\xbb\xbfserial;disk.vault;lock\nA1;On;True\nA2;n/a;False\n",
    "a workbook": workbook(
        ["serial", "disk.vault", "lock"], ["A1", "On", "True"], ["A2", "n/a", "False"]
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_devices_is_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    """Encryption that the tool does not know is NULL, and never no."""
    more: dict[str, Any] = {"delimiter": "semicolon", "nothing": ["N/A"]}
    found = collected(tmp_path, {"mdm": FORMS[form]}, "endpoints", ENDPOINTS, **more)
    rows = found.of("population.endpoints")
    assert [(row["device_uid"], row.get("is_encrypted"), row["locks_screen"]) for row in rows] == [
        ("A1", True, True),
        ("A2", None, False),
    ]


@pytest.mark.parametrize(
    ("mapping", "row", "what"),
    [
        (("started_on = hired",), "17-06-2013", "'17-06-2013' is no day of ISO 8601"),
        (("started_on = hired | MM/DD/YYYY",), "17/06/2013", "is no day of the calendar"),
        (("started_on = hired | DD-MM-YYYY",), "17.06.2013", "is not as the mapping says"),
        (("started_on = hired | DD MMM YYYY",), "17 Jux 2013", "names no month"),
    ],
)
def test_a_day_is_read_as_it_is_stated_and_in_no_other_way(
    tmp_path: Path, mapping: tuple[str, ...], row: str, what: str
) -> None:
    """The file is refused by its name, the row and the field; nothing of it counts."""
    found = collected(tmp_path, {"hr.csv": f"hired\n2020-01-01\n{row}\n".encode()}, mapping=mapping)
    (answer,) = [each for each in found.collection.answers if each.refused]
    assert answer.name == "file hr.csv"
    assert "started_on" in answer.refused
    assert what in answer.refused
    assert found.of("population.people") == []
    assert found.covers["population.people"].last is None


@pytest.mark.parametrize(
    ("how", "value", "what"),
    [
        ("", "2026-01-01 10:00", "names no time zone"),
        ("", "2026-01-01", "has no time: say `start` or `end`"),
        ("DD.MM.YYYY", "01.01.2026", "has no time: say `start` or `end`"),
        ("", "soon", "is no time of ISO 8601"),
    ],
)
def test_a_time_without_its_zone_or_its_hour_is_an_error(
    tmp_path: Path, how: str, value: str, what: str
) -> None:
    """Midnight somewhere is not what the file says."""
    mapping = (f"left_at = left | {how}" if how else "left_at = left",)
    found = collected(tmp_path, {"a.csv": f"left\n{value}\n".encode()}, "leavers", mapping)
    assert what in found.collection.reason


def test_a_word_that_is_neither_yes_nor_no_is_an_error(tmp_path: Path) -> None:
    """`Pending` is not encrypted and not unencrypted: somebody must say."""
    mapping = ("is_encrypted = vault | yes: On; no: Off",)
    found = collected(tmp_path, {"a.csv": b"vault\nOn\nPending\n"}, "endpoints", mapping)
    said = "row 3, is_encrypted: 'pending' is neither among the words for yes nor for no"
    assert said in found.collection.reason


REFUSED = {
    "nothing": (b"", "is empty"),
    "latin-1": ("id\nJosé\n".encode("latin-1"), "is not UTF-8 at byte"),
    "a short row": (b"id,first\n1,Ana\n2\n", "has 1 cells in row 3, and 2 columns"),
    "a column twice": (b"id,id\n1,2\n", "has two columns id"),
    "a column without a name": (b"id,\n1,2\n", "has a column without a name"),
    "an open quote": (b'id\n"1\n', "is no CSV at line"),
    "another field": (b"number\n1\n", "has no field id; it has: number"),
    "cut off JSON": (b'[{"id": 1}, {"id"', "is not JSON to its end"),
    "two lists": (b'{"a": [], "b": []}', "is a JSON object with 2 lists"),
    "no objects": (b"[1]", "holds something that is no object, as item 1"),
    "no workbook": (b"PK\x03\x04abc", "is no workbook that can be read"),
    "a cut off gzip": (b"\x1f\x8b\x08\0", "is cut off"),
    "a zero byte": (b"id\na\0b\n", "is no text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, case: str) -> None:
    """And the list is then not whole, although another file could be read."""
    content, why = REFUSED[case]
    files = {"good.csv": b"id\n7\n", "x": content}
    found = collected(tmp_path, files, mapping=("person_uid = id",))
    assert found.outcome == "partial"
    assert why in found.collection.reason
    cover = found.covers["population.people"]
    assert not cover.is_whole
    assert cover.missing.startswith("x: ")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("nonsense", "is not `column = fields`"),
        ("unicorn = a", "unicorn is no column of population.people"),
        ("system = a", "system is no column"),
        ("name =  | lower", "no field is named"),
        ("name = a | upper", "a text can be `lower` or `only`"),
        ("started_on = a | MM-DD", "is no pattern of a day"),
        ("started_on = a | YYYY-YYYY-MM-DD", "names a part twice"),
        ("name = 'open", "is no field"),
    ],
)
def test_a_line_that_cannot_be_followed_is_named(line: str, what: str) -> None:
    """Before anything is read."""
    with pytest.raises(RuleError) as refused:
        read_rules([line], TABLES["population.people"])
    assert what in str(refused.value)


def test_odd_names_of_fields_stand_in_quotes() -> None:
    """A tool may call a field anything."""
    (rule,) = read_rules(["name = \"First + last | all\" + 'x'"], TABLES["population.people"])
    assert [(each.text, each.is_field) for each in rule.parts] == [
        ("First + last | all", True),
        ("x", False),
    ]


def test_a_yes_that_is_a_no_too_is_refused() -> None:
    """Nobody could say what it means."""
    with pytest.raises(RuleError, match="on is yes and no"):
        read_rules(["is_managed = a | yes: On; no: on"], TABLES["population.endpoints"])


def test_without_a_mapping_nothing_is_read(tmp_path: Path) -> None:
    """A connection can be made first, and its mapping tried."""
    found = collected(tmp_path, {"hr.csv": ROSTER}, mapping=())
    assert found.outcome == "refused"
    assert "no column is filled" in found.collection.reason


def test_the_day_in_the_name_decides_and_the_newest_counts(tmp_path: Path) -> None:
    """A list of January says nothing of March; a list of two files of one day is both."""
    files = {
        "hr-2026-01-01.csv": b"id\n9\n",
        "hr-2026-03-01-a.csv": b"id\n1\n",
        "hr-2026-03-01-b.csv": b"id\n1\n2\n",
    }
    found = collected(tmp_path, files, mapping=("person_uid = id",), dated="name")
    assert [row["person_uid"] for row in found.of("population.people")] == ["1", "2"]
    assert found.covers["population.people"].last == date(2026, 3, 1)
    assert day_of("hr-2026-03-01-2026-03-02.csv") is None
    (tmp_path / "lists" / "other.csv").write_bytes(b"id\n")
    refused = collected(tmp_path, {}, mapping=("person_uid = id",), dated="name")
    assert "other.csv has no day in its name" in refused.collection.reason


def test_a_list_of_which_nobody_says_the_day_vouches_for_none(tmp_path: Path) -> None:
    """It is read all the same."""
    found = collected(tmp_path, {"hr.csv": ROSTER}, dated="no")
    assert len(found.of("population.people")) == 2
    cover = found.covers["population.people"]
    assert (cover.last, cover.missing) == (None, "nothing says of which day the files are")


def test_every_population_can_be_filled(tmp_path: Path) -> None:
    """Whatever type a column has, a rule for it can be written."""
    how = {Type.TIMESTAMP: "| YYYY-MM-DD hh:mm:ss", Type.BOOLEAN: "| yes: y; no: n"}
    for noun in NOUNS:
        spec = TABLES[f"population.{noun}"]
        lines = [f"{e.name} = f {how.get(e.type, '')}" for e in spec.columns]
        rules = read_rules(
            [x for x in lines if x.split()[0] not in ("system", "observed_at")], spec
        )
        assert rules
    with pytest.raises(NotCollectedError, match="it holds no file"):
        CONNECTOR.check(access(tmp_path, "people", PEOPLE))
