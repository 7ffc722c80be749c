"""The tables of `library/incidents`: how severe an incident is, and whom one may have to notify."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reperform.base.front_matter import FrontMatterError, load_yaml
from reperform.base.problem import Problem
from reperform.catalog.fields import FieldReader
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file
from reperform.program.incidents.duties import Duty

SEVERITY, DUTIES = "incidents/severity.yaml", "incidents/duties.yaml"


@dataclass(frozen=True, slots=True)
class Level:
    """How severe an incident is.

    Attributes:
        id: as in `sev1`.
        title: a few words.
        meaning: when an incident is of this level.
        examples: a few.
        respond: hours from the report until somebody has confirmed it.
        contain: hours from when it was noticed until it does no more harm.
        tell: who must hear of it, and when.
    """

    id: str
    title: str
    meaning: str
    examples: str
    respond: int
    contain: int
    tell: str


@dataclass(frozen=True, slots=True)
class IncidentLibrary:
    """The tables.

    Attributes:
        severity_version: version of the table of levels.
        levels: the most severe first.
        duties: whom one may have to notify.
    """

    severity_version: int
    levels: tuple[Level, ...]
    duties: tuple[Duty, ...]

    @property
    def severities(self) -> tuple[str, ...]:
        """Ids of the levels."""
        return tuple(level.id for level in self.levels)

    def level(self, name: str) -> Level | None:
        """Return a level; None when there is none of that id (any more)."""
        return next((level for level in self.levels if level.id == name), None)


@cache
def incident_library(folder: Path | None = None) -> IncidentLibrary:
    """Return what `folder`, by default our own library, says about incidents.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: a file is missing, cannot be read, or says what cannot be.
    """
    found, problems = read_incident_library(folder or library_folder())
    if problems:
        raise LibraryRefusedError(
            f"the tables of incidents were not read: first {problems[0]}",
            why="An incident graded or a notice decided by half a table would be decided wrongly.",
            todo="correct library/incidents, or install reperform again",
        )
    return found


def read_incident_library(folder: Path) -> tuple[IncidentLibrary, list[Problem]]:
    """Return what the files in `folder` say, and every problem of their content."""
    problems: list[Problem] = []
    severity = FieldReader(_content(folder, SEVERITY, problems), where=SEVERITY, problems=problems)
    duties = FieldReader(_content(folder, DUTIES, problems), where=DUTIES, problems=problems)
    found = IncidentLibrary(
        severity_version=severity.number_or_none("version") or 0,
        levels=tuple(_level(item, problems) for item in severity.mappings("levels")),
        duties=tuple(_duty(item, problems) for item in duties.mappings("duties")),
    )
    duties.number_or_none("version")
    for reader in (severity, duties):
        reader.refuse_others()
    for where, names in ((SEVERITY, found.severities), (DUTIES, [d.key for d in found.duties])):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        problems += [
            Problem(where, f"{name} is there twice", "remove one", "catalog-field")
            for name in twice
        ]
    return found, problems


def _content(folder: Path, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        value = load_yaml(read_library_file(folder / name), where=name)
    except FrontMatterError as error:
        problems.append(Problem(name, error.what, error.todo[0], "catalog-unreadable"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"was not read: {error}"
        problems.append(Problem(name, what, "correct the file", "catalog-unreadable"))
    else:
        if isinstance(value, dict):
            return value
        what = "is not a list of `field: value`"
        problems.append(Problem(name, what, "write one", "catalog-unreadable"))
    return {}


def _level(item: Mapping[str, Any], problems: list[Problem]) -> Level:
    where = f"{SEVERITY}: {item.get('id', '?')}"
    fields = FieldReader(item, where=where, problems=problems)
    level = Level(
        id=fields.text("id"),
        title=fields.text("title"),
        meaning=fields.text("meaning"),
        examples=fields.text("examples"),
        respond=fields.number_or_none("respond") or 0,
        contain=fields.number_or_none("contain") or 0,
        tell=fields.text("tell"),
    )
    fields.refuse_others()
    if level.respond < 1 or level.contain < 1:
        todo = "write whole hours, 1 or more, for `respond` and `contain`"
        problems.append(Problem(where, "has no time to keep", todo, "catalog-field"))
    return level


def _duty(item: Mapping[str, Any], problems: list[Problem]) -> Duty:
    where = f"{DUTIES}: {item.get('id', '?')}"
    content = dict(item)
    about = content.pop("personal_data", False)
    fields = FieldReader(content, where=where, problems=problems)
    duty = Duty(
        key=fields.text("id"),
        title=fields.text("title"),
        source=fields.text("source"),
        whom=fields.text("whom"),
        when=fields.text("when"),
        term=fields.text("term"),
        hours=fields.number_or_none("hours"),
        is_about_personal_data=about is True,
    )
    fields.refuse_others()
    return duty
