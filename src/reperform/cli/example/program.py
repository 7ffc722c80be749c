"""Decisions on the example's scope, and what was written of its system."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.base.front_matter import split_front_matter
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.installed import catalog
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.description import write_field
from reperform.program.actions.scope import change_scope
from reperform.program.queries import current_scope, field_versions
from reperform.program.scope.document import scope_content
from reperform.program.scope.reading import read_scope

_FIRST_HOUR = timedelta(hours=9)
_BETWEEN = timedelta(minutes=17)


def scope_acts(folder: Path) -> Iterator[Act]:
    """Yield each decision on the scope: a file says what it changed."""
    for path in sorted((folder / "scope").glob("*.yaml")):
        told = read_yaml(folder, f"scope/{path.name}")
        yield Act(moment(told["at"]), _deciding(told))


def _deciding(told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a closure, see Act.do
    def do(organization: Organization) -> None:
        before = current_scope(organization)
        content = scope_content(before.document) | told["changes"]
        scope, problems = read_scope(content, criteria=CRITERION_IDS)
        assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        change_scope(
            organization=organization,
            scope=scope,
            seen=before.number,
            library=catalog().digest,
            by=told["by"],
            at=moment(told["at"]),
        )

    return do


def description_acts(folder: Path) -> Iterator[Act]:
    """Yield each writing of a field: a folder for each day, a file for each field."""
    for day in sorted((folder / "description").iterdir()):
        at = moment(day.name) + _FIRST_HOUR
        for path in sorted(day.glob("*.md")):
            where = f"description/{day.name}/{path.name}"
            head, text = split_front_matter(path.read_text("utf-8"), where=where)
            yield Act(at, _writing(path.stem, text.strip(), by=head["by"], at=at))
            at += _BETWEEN


def _writing(field: str, text: str, *, by: str, at: Any) -> Any:  # noqa: ANN401 - as above
    def do(organization: Organization) -> None:
        latest = field_versions(organization, field).first()
        write_field(
            organization=organization,
            field=field,
            text=text,
            seen=latest.number if latest else 0,
            by=by,
            at=at,
        )

    return do
