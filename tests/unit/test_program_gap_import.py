"""Reading an earlier assessment: files by content, rows by field, and nothing that runs."""

import io
import random
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from reperform.base.grid import FileRefusedError, Grid, read_grid
from reperform.program.gap import Status
from reperform.program.gap.importing import ImportPlan, Known, plan_import
from reperform.program.gap.mapping import guess
from reperform.program.plan import Risk

WEBINPUT = Path(__file__).parents[3] / "shared" / "data" / "webinput"
KNOWN = Known(
    points={"CC6.1": frozenset({"CC6.1-a"}), "CC6.2": frozenset(), "A1.1": frozenset()},
    in_scope=frozenset({"CC6.1", "CC6.2"}),
    members={"ada@larkspur.example": 7},
    controls=frozenset({"AC-01"}),
    open_tasks={("CC6.2", "", "Write it"): 12},
)
HEADER = "criterion,status,note,control,owner,due date,effort,risk"


def plan(text: str, known: Known = KNOWN) -> ImportPlan:
    grid = read_grid(text.encode(), name="old.csv")
    return plan_import(grid, guess(grid.header), known)


def workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(raw: bytes, **parts: bytes) -> bytes:
    """Return the workbook with parts put in, `__` in a name for `/`."""
    made = io.BytesIO()
    added = {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            if name not in added:
                new.writestr(name, old.read(name))
        for name, content in added.items():
            new.writestr(name, content)
    return made.getvalue()


def test_a_row_claims_and_a_gap_makes_a_task() -> None:
    """Met makes none; partly met makes one with everything that the row says."""
    found = plan(
        f"{HEADER}\nCC6.2,Met,,,,,,\n"
        "cc 6.1-a,Partially met,Review access,AC-01,Ada@Larkspur.example,2026-12-01,5 days,High\n"
    )

    assert not found.every_problem
    first, second = found.rows
    assert (first.status, first.task) == (Status.MET, None)
    assert second.task
    assert (second.criterion, second.point) == ("CC6.1", "CC6.1-a")
    task = second.task
    assert (task.title, task.owner, task.due_on) == ("Review access", 7, date(2026, 12, 1))
    assert (task.effort_days, task.risk, task.control) == (5, Risk.HIGH, "AC-01")
    assert "From old.csv, row 3." in task.note


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("CC9.9,met,,,,,,", "Criterion", "there is no “CC9.9”"),
        ("CC6.1-z,met,,,,,,", "Criterion", "has no point of focus CC6.1-z"),
        (",met,,,,,,", "Criterion", "there is no empty"),
        ("CC6.1,maybe,,,,,,", "Status", "is “maybe”"),
        ("CC6.1,not met,x,ZZ-99,,,,", "Control", "no adopted control is “ZZ-99”"),
        ("CC6.1,not met,x,,eve@other.example,,,", "Owner", "no member has the address"),
        ("CC6.1,not met,x,,,1/2/2026,,", "Due date", "“1/2/2026” is not a day"),
        ("CC6.1,not met,x,,,2026-02-30,,", "Due date", "“2026-02-30” is not a day"),
        ("CC6.1,not met,x,,,,2.5,", "Effort", "“2.5” is no number of working days"),
        ("CC6.1,not met,x,,,,9999,", "Effort", "“9999” is no number of working days"),
        ("CC6.1,not met,x,,,,,huge", "Risk", "is “huge”"),
        ("CC6.1,met,a\x01b,,,,,", "Note", "holds characters that cannot be shown"),
        ("CC6.1,met,,,,,,,,more", "row 2", "has more cells than the header"),
    ],
)
def test_every_error_names_file_row_and_field(row: str, where: str, what: str) -> None:
    (problem,) = plan(f"{HEADER}\n{row}\n").every_problem

    assert problem.where.startswith("old.csv: row 2")
    assert where in problem.where
    assert what in problem.what


def test_a_second_row_about_the_same_names_the_first() -> None:
    found = plan(f"{HEADER}\nCC6.1,met,,,,,,\nCC6.2,met,,,,,,\nCC6.1,not met,,,,,,\n")

    assert [each.what for each in found.every_problem] == [
        "says the same criterion and control as row 2"
    ]


def test_a_task_that_is_there_is_named_and_not_made_again() -> None:
    """Also when its title holds words of ours."""
    found = plan(f"{HEADER}\nCC6.2,no,Write it,,,,,\nCC6.1,no,It is already the same,,,,,\n")

    assert found.rows[0].task is None
    assert found.rows[0].does[-1] == "makes no task: task 12 is already the same"
    assert found.rows[1].task is not None


def test_a_criterion_out_of_scope_is_said() -> None:
    assert "A1.1 is not in scope" in " ".join(plan("ref,status\nA1.1,met\n").rows[0].does)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "warns"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("cp1252", 1)]
)
def test_csv_is_read_in_its_encodings_and_delimiters(
    delimiter: str, encoding: str, warns: int
) -> None:
    """Quotes may hold the delimiter and a line break."""
    lines = [
        delimiter.join(("Criterion", "Status", "Note")),
        delimiter.join(("CC6.1", "met", f'"Größe{delimiter} ""so""\nand so on"')),
    ]

    grid = read_grid("\r\n".join(lines).encode(encoding), name="x")

    assert grid.rows[0].cells[2] == f'Größe{delimiter} "so"\nand so on'
    assert len(grid.warnings) == warns


def test_a_workbook_is_read_with_days_and_numbers() -> None:
    made = workbook(
        ["Criterion", "Status", "Due date", "Effort", "Note"],
        ["CC6.1", "not met", date(2026, 12, 1), 5.0, "=1+1"],
        [],
        ["CC6.2", "met"],
    )
    grid = read_grid(made, name="old.xlsx")
    found = plan_import(grid, guess(grid.header), KNOWN)

    assert not found.every_problem
    task = found.rows[0].task
    assert task
    assert (task.due_on, task.effort_days, task.title) == (date(2026, 12, 1), 5, "=1+1")
    assert found.rows[1].number == 4


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n\n , \n", "is empty"),
        (b"x" * 2_000_001, "has more than 2,000,000 bytes"),
        (b"\xd0\xcf\x11\xe0 old", "is a workbook of the old kind"),
        (b"PK\x03\x04 broken", "is no workbook that can be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no text and no workbook"),
        (b"\xff\xfe\x00", "is no text and no workbook"),
        (b'a,b\n"x', "is no CSV at line"),
        (("a," * 80).encode(), "has more than 60 columns"),
        (b"a,b\n" + b"x" * 10_001, "has a cell of more than"),
        (b"a,b\n" + b"1,2\n" * 10_001, "has more than 10,000 rows"),
        (repacked(workbook(["a"]), **{"xl__workbook.xml": b"<x"}), "is no workbook that can be"),
        (repacked(workbook(["a"]), **{"xl__sharedStrings.xml": ENTITY}), "declares a document"),
        (repacked(workbook(["a"]), **{"xl__vbaProject.bin": b"x"}), "holds macros"),
        (repacked(workbook(["a"]), **{"xl__big.xml": b" " * 21_000_000}), "unpacks to more"),
        (
            repacked(workbook(["a"]), **{"xl__utf16.xml": ENTITY.decode().encode("utf-16")}),
            "declares a document",
        ),
    ],
    ids=range(16),
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, what: str) -> None:
    """Whatever it is called."""
    with pytest.raises(FileRefusedError, match=what):
        read_grid(content, name="x.csv")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("../../etc/passwd", "x")

    with pytest.raises(FileRefusedError, match="is a ZIP and no workbook"):
        read_grid(made.getvalue(), name="x.xlsx")


@pytest.mark.skipif(not WEBINPUT.exists(), reason="the strings are not on this machine")
def test_hostile_texts_come_out_as_text() -> None:
    """Every string of the lists, through CSV, as a note: kept or refused by name, never broken."""
    blns = (WEBINPUT / "blns" / "blns.txt").read_text("utf-8").splitlines()
    formulas = (WEBINPUT / "csv-injection" / "csv-payload.txt").read_text("utf-8").splitlines()
    for text in [*blns, *formulas]:
        quoted = text.replace('"', '""')
        found = plan(f'criterion,status,note\nCC6.1,not met,"{quoted}"\n')

        (row,) = found.rows
        assert row.note == text.replace("\r\n", "\n").strip()
        assert found.every_problem or row.task


def test_a_file_without_the_needed_columns_says_which() -> None:
    found = plan("name,colour\nx,y\n")

    assert [each.what for each in found.every_problem] == [
        "no column is for Criterion or point of focus",
        "no column is for Status",
    ]


def test_the_fingerprint_is_of_what_it_would_do() -> None:
    """Another member list, another outcome, another fingerprint."""
    text = f"{HEADER}\nCC6.2,not met,Write it,,,,,\n"
    without = Known(KNOWN.points, KNOWN.in_scope, KNOWN.members, KNOWN.controls, {})

    assert plan(text).fingerprint == plan(text).fingerprint
    assert plan(text).fingerprint != plan(text, without).fingerprint


def test_the_header_is_the_first_row_that_is_not_empty() -> None:
    grid: Grid = read_grid(b",,\n\ncriterion,status\nCC6.1,met\n", name="x")

    assert grid.header == ("criterion", "status")
    assert grid.rows[0].number == 4


@pytest.mark.filterwarnings("ignore::UserWarning")  # the reader's own words about the damage
@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_workbook_is_read_or_refused_and_never_breaks(seed: int) -> None:
    """Bytes of the file, and of the XML inside it, changed and cut at random."""
    chance = random.Random(seed)  # noqa: S311 - the same damage each time
    whole = workbook(["criterion", "status", "due"], ["CC6.1", "met", date(2026, 1, 1)], [1.5])
    for _ in range(60):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(2, len(raw))] = chance.randrange(256)
        with zipfile.ZipFile(io.BytesIO(whole)) as parts:
            name = chance.choice(parts.namelist())
            part = bytearray(parts.read(name))
        begin, end = sorted(chance.randrange(len(part) + 1) for _ in range(2))
        del part[begin:end]
        for damaged in (bytes(raw), repacked(whole, **{name.replace("/", "__"): bytes(part)})):
            with suppress(FileRefusedError):
                assert read_grid(damaged, name="x").name == "x"
