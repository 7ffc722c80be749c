"""The scope as a file."""

from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.catalog.criteria import CRITERION_IDS
from reperform.program.actions.code import Given, Register
from reperform.program.actions.scope import change_scope
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.queries import current_scope
from reperform.program.scope.document import ScopeDocument, scope_content
from reperform.program.scope.reading import read_scope

KIND = Kind(
    name="scope",
    path="scope.yaml",
    fields=tuple(ScopeDocument.__dataclass_fields__),
    title="the scope: system, categories, type and period, commitments, subservice organizations",
    about="""\
The scope: what the report is about, what is promised, and who else is relied on.

categories: security and any of availability, processing integrity, confidentiality, privacy
type: 1 or 2; first and last: the days of the period, of a Type 1 only last
commitments: kind is commitment or requirement
subservices: method is carve-out or inclusive; expectations are the CSOCs, report is on file
user_controls: the complementary user entity controls (CUECs)
not_applicable: criterion and management's reason""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    current = current_scope(organization)
    if current.version is None:
        return {}
    return {KIND.name: Standing(_content(current.document), current.number, current.version.by)}


def _content(scope: ScopeDocument) -> dict[str, Any]:
    """Return the scope's content; the order of the reasons says nothing, so it is one."""
    content = scope_content(scope)
    return {**content, "not_applicable": dict(sorted(content["not_applicable"].items()))}


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:  # noqa: ARG001 - as every register's
    scope, problems = read_scope(dict(item.content), criteria=CRITERION_IDS)
    return _content(scope), problems


def _apply(given: Given, change: Change) -> None:
    scope, _ = read_scope(dict(change.after), criteria=CRITERION_IDS)
    change_scope(
        organization=given.organization,
        scope=scope,
        seen=change.before.version if change.before else 0,
        library=given.catalog.digest,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
