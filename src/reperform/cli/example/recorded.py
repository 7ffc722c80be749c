"""The days on which the example company recorded how far its program was."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.audit.queries import program_state
from reperform.catalog.installed import catalog
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.readiness import record_readiness


def acts(folder: Path) -> Iterator[Act]:
    """Yield the recordings; each is computed from what the program was on that day."""
    told = read_yaml(folder, "readiness.yaml")
    for day in told["days"]:
        at = moment(day)
        yield Act(at, _recording(told["by"], at))


def _recording(by: str, at: datetime) -> Any:  # noqa: ANN401 - a closure, see Act.do
    def do(organization: Organization) -> None:
        state = program_state(organization, catalog=catalog(), at=at)
        record_readiness(organization=organization, state=state, by=by, at=at)

    return do
