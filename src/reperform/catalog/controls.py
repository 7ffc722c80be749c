"""Controls: one Markdown file each, as an auditor wants them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reperform.base.front_matter import split_front_matter
from reperform.base.problem import Problem
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.fields import FieldReader, shown

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "GOV": "Governance",
        "HR": "People",
        "COM": "Communication",
        "RSK": "Risk assessment",
        "MON": "Monitoring of controls",
        "POL": "Policies and procedures",
        "AC": "Logical access",
        "PHY": "Physical access",
        "AST": "Assets",
        "NET": "Networks",
        "CRY": "Cryptography",
        "END": "Endpoints",
        "LOG": "Logging and detection",
        "VUL": "Vulnerabilities",
        "INC": "Incidents",
        "BCK": "Backup and recovery",
        "CHG": "Change management",
        "VEN": "Vendors",
        "AVL": "Availability",
        "CON": "Confidentiality",
        "PI": "Processing integrity",
        "PRV": "Privacy",
    }
)
"""Family ids, the first part of a control's id, with what they are about."""

NATURES = ("preventive", "detective", "corrective")
KINDS = ("manual", "automated", "mixed")
FREQUENCIES = ("continuous", "per event", "daily", "weekly", "monthly", "quarterly", "annual")

_ID = re.compile(r"([A-Z]{2,3})-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Control:
    """What the service organization does so that criteria are met.

    Attributes:
        id: family and number, as in `CHG-01`.
        title: a few words.
        family: one of `FAMILIES`.
        criteria: ids of the criteria that it serves.
        points_of_focus: ids of the points of focus that it addresses.
        policies: ids of the policies that demand it.
        nature: one of `NATURES`.
        kind: one of `KINDS`.
        frequency: one of `FREQUENCIES`.
        owner: the role that answers for it.
        evidence: the traces that it leaves.
        population: what an auditor would take as its population: every what, from which source;
            for a state, what is observed.  Empty when nobody has named it.
        text: who does what, on what, how often, leaving which trace.
    """

    id: str
    title: str
    family: str
    criteria: tuple[str, ...]
    points_of_focus: tuple[str, ...]
    policies: tuple[str, ...]
    nature: str
    kind: str
    frequency: str
    owner: str
    evidence: tuple[str, ...]
    population: str
    text: str


def read_control(text: str, *, where: str, problems: list[Problem]) -> Control:
    """Return the control that a file says; what is wrong with its fields goes to `problems`.

    Args:
        text: the file's content.
        where: the file's name, which is the control's id and `.md`.
        problems: is appended to.

    Raises:
        FrontMatterError: it has no head that can be read.
    """
    head, body = split_front_matter(text, where=where)
    fields = FieldReader(head, where=where, problems=problems)
    control = Control(
        id=fields.text("id"),
        title=fields.text("title"),
        family=fields.choice("family", FAMILIES),
        criteria=fields.texts("criteria"),
        points_of_focus=fields.texts("points_of_focus", may_be_absent=True),
        policies=fields.texts("policies", may_be_absent=True),
        nature=fields.choice("nature", NATURES),
        kind=fields.choice("kind", KINDS),
        frequency=fields.choice("frequency", FREQUENCIES),
        owner=fields.text("owner"),
        evidence=fields.texts("evidence"),
        population=fields.text("population", may_be_absent=True),
        text=body.strip(),
    )
    fields.refuse_others()
    problems += _identity(control, where)
    problems += _references(control, where)
    return control


def _identity(control: Control, where: str) -> list[Problem]:
    found = []
    form = _ID.fullmatch(control.id)
    if control.id and not form:
        todo = "write it as family, hyphen and two digits, as in CHG-01"
        found.append(Problem(f"{where}: id", f"is {shown(control.id)}", todo, "catalog-field"))
    elif form and control.family and form[1] != control.family:
        what = f"{control.id} does not begin with the family {shown(control.family)}"
        found.append(Problem(f"{where}: id", what, "make them agree", "catalog-field"))
    if control.id and where.rpartition("/")[2] != f"{control.id}.md":
        what = f"the file holds the control {shown(control.id)}"
        found.append(Problem(where, what, "name the file after its control", "catalog-field"))
    if not control.text:
        todo = "say who does what, on what, how often, leaving which trace"
        found.append(Problem(where, "has no text below its head", todo, "text-empty"))
    return found


def _references(control: Control, where: str) -> list[Problem]:
    found = [
        Problem(
            f"{where}: criteria",
            f"there is no criterion {shown(criterion)}",
            "name one of the 61, as in CC6.1",
            "criterion-unknown",
        )
        for criterion in control.criteria
        if criterion not in CRITERION_IDS
    ]
    found += [
        Problem(
            f"{where}: points_of_focus",
            f"{shown(point)} belongs to no criterion of this control",
            "add its criterion to `criteria`, or remove it",
            "point-unknown",
        )
        for point in control.points_of_focus
        if point.rpartition("-")[0] not in control.criteria
    ]
    return found
