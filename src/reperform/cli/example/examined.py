"""The example's examinations: the real run over its repository, with what the program said then."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from reperform.accounts.models import Organization
from reperform.audit.actions import keep_examination
from reperform.catalog.installed import catalog
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.repository import write_repository, write_signers
from reperform.cli.run import Request, run
from reperform.program.description.statement import statement_yaml
from reperform.program.queries.stated import stated
from reperform.program.scope import Scope
from reperform.program.statement import Statement

REPOSITORY, SIGNERS = "invoicing.git", "allowed_signers"


class Clock:
    """A clock of the example: each look is a second after the one before."""

    def __init__(self, at: datetime) -> None:
        self._now = at

    def __call__(self) -> datetime:
        """Return the time, and let a second pass."""
        self._now += timedelta(seconds=1)
        return self._now


def acts(folder: Path, work: Path) -> Iterator[Act]:
    """Yield the examinations.

    Args:
        folder: the example's files.
        work: where repository and outputs are made.
    """
    for each in read_yaml(folder, "examinations.yaml")["examinations"]:
        at, until = moment(each["at"]), date.fromisoformat(each["evidence_until"])
        name = f"examining what there is up to {until}"
        yield Act(at, _Examining(folder, work, at, until, by=each["by"]), name)


class _Examining:
    """One examination, as an act."""

    def __init__(self, folder: Path, work: Path, at: datetime, until: date, *, by: str) -> None:
        self._folder, self._work, self._at, self._until, self._by = folder, work, at, until, by

    def __call__(self, organization: Organization) -> None:
        told = read_yaml(self._folder, "repository.yaml")
        repository, signers = self._work / REPOSITORY, self._work / SIGNERS
        write_repository(told, repository, until=self._until)
        write_signers(told, signers)
        out = self._work / f"out-{self._at:%F}"
        shutil.rmtree(out, ignore_errors=True)
        scope, statement = _program(organization)
        run(
            Request(
                scope=scope,
                statement=statement,
                statement_text=statement_yaml(statement),
                repo=repository,
                branch=told["branch"],
                signing_keys=signers,
                endpoints=(),
                look_at_host=False,
                out=out,
            ),
            clock=Clock(self._at),
            passphrase=None,
        )
        after = self._at + timedelta(minutes=10)
        keep_examination(organization=organization, folder=out, by=self._by, at=after)
        shutil.rmtree(out)


def _program(organization: Organization) -> tuple[Scope, Statement]:
    """Return what the program says now: scope, description and adopted controls."""
    said = stated(organization, catalog=catalog())
    document = said.scope
    assert document.type and document.period  # noqa: S101, PT018 - the example decides both first
    scope = Scope(type=document.type, period=document.period, categories=document.categories)
    return scope, said.statement
