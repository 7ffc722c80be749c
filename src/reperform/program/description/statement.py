"""The description as management's statement: what an examination, and so a report, takes up."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from reperform.catalog.criteria import DESCRIPTION_IDS
from reperform.program.controls.fit_file import fits_content
from reperform.program.description import FieldState, Standing
from reperform.program.scope.document import ScopeDocument
from reperform.program.statement import Adoption, Statement

_OWN_TABLE = "not_applicable"
"""A report shows these reasons as a table of their own."""


def statement_of(
    states: Iterable[FieldState],
    *,
    scope: ScopeDocument,
    organization: str,
    adopted: Mapping[str, Adoption],
    own: Mapping[str, Adoption],
) -> Statement:
    """Return the statement that the description and the scope make.

    Args:
        states: every field as it stands.
        scope: the scope.
        organization: name of the service organization.
        adopted: the library's controls that management adopted.
        own: the controls of its own.
    """
    given = tuple(states)
    return Statement(
        organization=organization,
        system=scope.system,
        description={
            criterion: text
            for criterion in DESCRIPTION_IDS
            if (text := stated_text(criterion, given))
        },
        adopted=adopted,
        own=own,
        not_applicable=dict(scope.not_applicable or {}),
    )


def stated_text(criterion: str, states: tuple[FieldState, ...]) -> str:
    """Return what the description says under one criterion; empty when it says nothing.

    Each field has its title when the criterion has several; one that is missing beside others is
    said to be missing, so that a report never hides it.
    """
    fields = [
        state
        for state in states
        if state.field.criterion == criterion and state.standing is not Standing.OTHER_TYPE
    ]
    told = [(state, _said(state)) for state in fields]
    if not any(text for _, text in told):
        return ""
    found = []
    for state, text in told:
        said = text or ("(not written yet)" if state.standing is Standing.MISSING else "")
        if said and len(fields) > 1:
            found.append(f"{state.field.title}:")
        if said:
            found.append(said)
    return "\n\n".join(found)


def _said(state: FieldState) -> str:
    derived = "" if _OWN_TABLE in state.field.from_scope else state.derived
    return "\n\n".join(text for text in (derived, state.text.strip()) if text)


def missing_text(criterion: str, states: tuple[FieldState, ...]) -> str:
    """Return a sentence that names the fields of a criterion that are missing; empty for none."""
    titles = [
        state.field.title
        for state in states
        if state.field.criterion == criterion and state.standing is Standing.MISSING
    ]
    return f"Not written yet: {'; '.join(titles)}." if titles else ""


def statement_yaml(statement: Statement) -> str:
    """Return a statement as the file that `reperform quickstart --statement` takes."""
    own = {name: _adoption(statement.own[name]) for name in sorted(statement.own)}
    content: dict[str, Any] = {
        "organization": statement.organization,
        "system": statement.system,
        "description": dict(statement.description),
        "controls": {
            name: _adoption(statement.adopted[name]) for name in sorted(statement.adopted)
        },
        **({"own_controls": own} if own else {}),
        "not_applicable": dict(statement.not_applicable),
    }
    return yaml.dump(content, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100)


def _adoption(adoption: Adoption) -> dict[str, Any]:
    found: dict[str, Any] = {"owner": adoption.owner}
    if adoption.adopted_on:
        found["adopted_on"] = adoption.adopted_on
    for name, said in adoption.says.items():
        found[name] = list(said) if isinstance(said, tuple) else said
    if adoption.fits:
        found["confirmed_tests"] = fits_content(adoption.fits)
    return found


class _PlainDumper(yaml.SafeDumper):
    """YAML as a person would write it: texts of several lines as such, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_PlainDumper.add_representer(str, _text)
