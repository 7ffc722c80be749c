"""A test of a control as a file: a head in SQL comments, and one SELECT.

See docs/spec/procedure.md for the format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reperform.base.canonical import sha256_hex
from reperform.base.front_matter import FrontMatterError, split_front_matter
from reperform.base.refusal import RefusalError

_TEXTS = ("id", "title", "control", "nature", "population", "pass", "deviation", "unable", "blind")
NATURES = ("inquiry", "observation", "inspection", "reperformance")
"""How one tests a control, the weakest first."""

BOUND = ("period_first", "period_last")
"""Values that every test is given."""

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_OPTIONAL = ("over_period", "parameters", "occurrences")


class ProcedureMalformedError(RefusalError):
    """A file is not a test of a control."""

    slug = "procedure-malformed"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One test of a control.

    Attributes:
        id: the control's id and `.T<n>`.
        title: what is tested, as a sentence.
        control: id of the control.
        nature: inquiry, observation, inspection or reperformance.
        population: which items, and from where.
        tables: table name -> columns that the SQL reads.
        over_period: tables whose evidence must cover every day of the period.
        parameters: judgment as named constants.
        occurrences: frequency of a periodic control, for `expected.occurrences`; empty otherwise.
        passes: when an item passes.
        deviates: when it deviates.
        unable: when evidence does not say.
        blind: what this test cannot see.
        sql: the SELECT.
        sha256: digest of the whole file.
        path: where the file was read from, for messages.
    """

    id: str
    title: str
    control: str
    nature: str
    population: str
    tables: Mapping[str, tuple[str, ...]]
    over_period: tuple[str, ...]
    parameters: Mapping[str, int | str]
    occurrences: str
    passes: str
    deviates: str
    unable: str
    blind: str
    sql: str
    sha256: str
    path: str


def parse_procedure(text: str, *, where: str) -> Procedure:
    """Return the test of a control that `text` is.

    Raises:
        ProcedureMalformedError: the head lacks a field, has an unknown one, or one of another
            kind.
        FrontMatterError: there is no head, or it is not YAML.
    """
    head, sql = split_front_matter(text, where=where, comment="-- ")
    return procedure_of(head, sql, text=text, where=where)


def procedure_of(head: Mapping[str, Any], sql: str, *, text: str, where: str) -> Procedure:
    """Return the test of a control that a head and a SELECT are; `text` is the whole file.

    Raises:
        ProcedureMalformedError: the head lacks a field, has an unknown one, or one of another
            kind.
    """
    unknown = sorted(set(head) - {*_TEXTS, *_OPTIONAL, "tables"})
    if unknown:
        raise _malformed(where, f"its head has a field that no test has: {', '.join(unknown)}")
    texts = {name: _text(head, name, where) for name in _TEXTS}
    tables = _tables(head.get("tables"), where)
    over_period = head.get("over_period", list(tables))
    if not isinstance(over_period, list) or any(name not in [*tables] for name in over_period):
        raise _malformed(where, "over_period does not list tables that it reads")
    occurrences = head.get("occurrences", "")
    if not isinstance(occurrences, str):
        raise _malformed(where, "occurrences is not the name of a frequency")
    return Procedure(
        id=texts["id"],
        title=texts["title"],
        control=texts["control"],
        nature=texts["nature"],
        population=texts["population"],
        tables=tables,
        over_period=tuple(over_period),
        parameters=_parameters(head.get("parameters", {}), where),
        occurrences=occurrences,
        passes=texts["pass"],
        deviates=texts["deviation"],
        unable=texts["unable"],
        blind=texts["blind"],
        sql=sql.strip(),
        sha256=sha256_hex(text.encode()),
        path=where,
    )


def load_procedures(folder: Path) -> tuple[Procedure, ...]:
    """Return every test of a control below `folder` that is SQL, sorted by id.

    Manual ones lie beside them and are read by `testing.manual`.

    Raises:
        ProcedureMalformedError: a file is not one, or two have the same id.
        FrontMatterError: a file's head cannot be read.
    """
    found: dict[str, Procedure] = {}
    for path, text in sql_files(folder):
        procedure = parse_procedure(text, where=path)
        if procedure.id in found:
            raise _malformed(path, f"{procedure.id} is also the id of {found[procedure.id].path}")
        found[procedure.id] = procedure
    return tuple(found[key] for key in sorted(found))


def sql_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield path within `folder` and text of every SQL file, by path.

    Raises:
        FrontMatterError: one is not UTF-8.
    """
    for path in sorted(folder.rglob("*.sql")):
        where = path.relative_to(folder).as_posix()
        try:
            yield where, path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise FrontMatterError(
                f"{where} was not read: byte {error.start} is not UTF-8",
                why="What cannot be read cannot be judged.",
                todo="save the file as UTF-8",
            ) from error


def _malformed(where: str, what: str) -> ProcedureMalformedError:
    return ProcedureMalformedError(
        f"{where} was not taken as a test of a control: {what}",
        why="An auditor must be able to read what is tested, and what cannot be seen.",
        todo="see docs/spec/procedure.md for the fields of the head",
    )


def _text(head: Mapping[str, Any], name: str, where: str) -> str:
    value = head.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _malformed(where, f"its head has no {name!r}")
    return value.strip()


def _tables(value: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not value:
        raise _malformed(where, "its head has no 'tables'")
    tables: dict[str, tuple[str, ...]] = {}
    for name, columns in value.items():
        if not isinstance(columns, list) or not all(isinstance(c, str) for c in columns):
            raise _malformed(where, f"the columns of {name} are not a list of names")
        if len(set(columns)) < len(columns):
            raise _malformed(where, f"a column of {name} is there twice")
        tables[str(name)] = tuple(columns)
    return tables


def _parameters(value: object, where: str) -> dict[str, int | str]:
    if not isinstance(value, dict):
        raise _malformed(where, "parameters are not `name: value`")
    for name, constant in value.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in BOUND:
            raise _malformed(where, f"{name!r} cannot be the name of a parameter")
        if not isinstance(constant, int | str) or isinstance(constant, bool):
            raise _malformed(where, f"the parameter {name} is neither a whole number nor a text")
    return dict(value)
