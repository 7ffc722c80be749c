"""The controls that management adopted, as an OSCAL component definition.

Each control is a component of type `process-procedure` that carries out criteria.  Criteria stand
by id; their text is the AICPA's.  Source: NIST OSCAL 1.1.2, component-definition, JSON format.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from reperform.program.controls.document import AdoptedDocument

OSCAL_VERSION = "1.1.2"
NAMESPACE = "https://reperform.org/ns/oscal"
"""Of our own props.  Nothing is there to be fetched: it is a name."""
_CRITERIA = "TSP Section 100, 2017 Trust Services Criteria"
_PROPS = ("nature", "kind", "frequency")


def component_definition(
    controls: Sequence[AdoptedDocument],
    *,
    organization: str,
    organization_id: UUID,
    version: str,
    at: datetime,
) -> dict[str, Any]:
    """Return the component definition as JSON values; the same controls give the same.

    Args:
        controls: those in force, by code.
        organization: its name.
        organization_id: of which all ids are made, so that they stay.
        version: of the program, as in its checkpoint or its export.
        at: when the controls were changed last.
    """
    party, criteria = uuid5(organization_id, "party"), uuid5(organization_id, "criteria")
    roles = {role: _token(role) for each in controls if (role := each.document.owner_role)}
    found: dict[str, Any] = {
        "uuid": str(uuid5(organization_id, "component-definition")),
        "metadata": {
            "title": f"Controls of {organization}",
            "last-modified": at.isoformat(),
            "version": version,
            "oscal-version": OSCAL_VERSION,
            "parties": [{"uuid": str(party), "type": "organization", "name": _line(organization)}],
        },
        "back-matter": {
            "resources": [
                {
                    "uuid": str(criteria),
                    "title": _CRITERIA,
                    "description": "Criteria stand by id; their text is the AICPA's.",
                }
            ]
        },
    }
    if roles:
        named = {token: role for role, token in sorted(roles.items())}
        found["metadata"]["roles"] = [
            {"id": token, "title": _line(role) or token} for token, role in sorted(named.items())
        ]
    if controls:
        found["components"] = [
            _component(each, organization_id, party=party, criteria=criteria) for each in controls
        ]
    return {"component-definition": found}


def _component(
    control: AdoptedDocument, organization_id: UUID, *, party: UUID, criteria: UUID
) -> dict[str, Any]:
    document = control.document
    props = [("code", control.code), *((name, getattr(document, name)) for name in _PROPS)]
    days = {"adopted-on": control.adopted_on, "implemented-on": control.implemented_on}
    props += [(name, day.isoformat()) for name, day in days.items() if day]
    found: dict[str, Any] = {
        "uuid": str(uuid5(organization_id, f"control {control.code}")),
        "type": "process-procedure",
        "title": f"{control.code} {_line(document.title)}",
        "description": document.text,
        "props": [{"name": name, "ns": NAMESPACE, "value": value} for name, value in props],
        "control-implementations": [
            {
                "uuid": str(uuid5(organization_id, f"implementation {control.code}")),
                "source": f"#{criteria}",
                "description": "The criteria that this control serves.",
                "implemented-requirements": [
                    {
                        "uuid": str(uuid5(organization_id, f"{control.code} {criterion}")),
                        "control-id": criterion,
                        "description": document.text,
                    }
                    for criterion in document.criteria
                ],
            }
        ],
    }
    if document.owner_role:
        found["responsible-roles"] = [
            {"role-id": _token(document.owner_role), "party-uuids": [str(party)]}
        ]
    return found


def _token(text: str) -> str:
    """Return text as OSCAL's token type: letters, digits, dots, dashes, beginning with a letter.

    >>> _token("Head of Engineering"), _token("2nd line")
    ('head-of-engineering', 'role-2nd-line')
    """
    plain = "".join(char if char.isalnum() and char.isascii() else " " for char in text.lower())
    token = "-".join(plain.split()) or "unnamed"
    return token if token[0].isalpha() else f"role-{token}"


def _line(text: str) -> str:
    return " ".join(text.split())
