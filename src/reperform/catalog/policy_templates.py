"""Templates of policies, `library/policies/*.md`: rules to adopt, with what a company must fill.

A template's head says which of its sections lays down what `index.yaml` demands (`covers`, in the
same order), and what each placeholder means.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reperform.base.front_matter import split_front_matter
from reperform.base.placeholders import Declared, marks
from reperform.base.problem import Problem
from reperform.catalog.fields import FieldReader, shown
from reperform.catalog.policies import Policy

KNOWN = ("organization", "system")
"""What the program itself can fill."""
_ALWAYS = ("Purpose", "Scope", "Exceptions", "Review")
_FEWEST_WORDS = 25
"""In a section that lays something down: fewer cannot say who, when and how."""
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_SLUG = "policy-template"


@dataclass(frozen=True, slots=True)
class PolicyTemplate:
    """A policy that an organization can make its own.

    Attributes:
        id: of the policy that it is a text for.
        title: a few words.
        covers: for each line that the policy must lay down, in order, the section that does.
        placeholders: what each means, by name.
        text: Markdown.
    """

    id: str
    title: str
    covers: tuple[str, ...]
    placeholders: Mapping[str, Declared]
    text: str


def read_template(text: str, *, where: str, problems: list[Problem]) -> PolicyTemplate:
    """Return the template that a file says; problems are appended.

    Raises:
        FrontMatterError: the head cannot be read.
    """
    head, body = split_front_matter(text, where=where)
    fields = FieldReader(head, where=where, problems=problems)
    template = PolicyTemplate(
        id=fields.text("id"),
        title=fields.text("title"),
        covers=fields.texts("covers"),
        placeholders=dict(_declared(head.pop("placeholders", {}), where, problems)),
        text=body.strip("\n") + "\n",
    )
    fields.refuse_others()
    return template


def sections(text: str) -> dict[str, str]:
    """Return what stands below each heading of the second level."""
    parts = _SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def template_problems(
    templates: Sequence[PolicyTemplate], policies: Sequence[Policy]
) -> list[Problem]:
    """Return which policies have no template, and what each template leaves out."""
    by_id = {template.id: template for template in templates}
    found = []
    for policy in policies:
        where = f"policies/{policy.id}.md"
        template = by_id.pop(policy.id, None)
        if template is None:
            what, todo = "there is no template for the policy", "write one"
            found.append(Problem(where, what, todo, _SLUG))
        else:
            found += [Problem(where, *said, _SLUG) for said in _left_out(template, policy)]
    return found + [
        Problem(f"policies/{id_}.md", f"there is no policy {shown(id_)}", "name one", _SLUG)
        for id_ in by_id
    ]


def _left_out(template: PolicyTemplate, policy: Policy) -> Iterator[tuple[str, str]]:
    parts = sections(template.text)
    for name in _ALWAYS:
        if not parts.get(name, "").strip():
            yield f"has no section {shown(name)}", "say it"
    if template.title != policy.title:
        yield f"is called {shown(template.title)}", f"call it {shown(policy.title)} as the index"
    if len(template.covers) != len(policy.lays_down):
        lines = f"{len(policy.lays_down)} lines that it must lay down"
        yield f"covers {len(template.covers)} of the {lines}", "name a section for each"
    for section, demanded in zip(template.covers, policy.lays_down, strict=False):
        if len(parts.get(section, "").split()) < _FEWEST_WORDS:
            yield f"does not lay down {shown(demanded)}", f"say it below {shown(section)}"
    used = marks(template.text)
    for name in used.others:
        yield f"holds the mark {shown(name)}", "use placeholders that are names"
    for name in set(used.names) ^ set(template.placeholders):
        yield f"the placeholder {shown(name)} is not both used and declared", "do both or neither"


def _declared(said: object, where: str, problems: list[Problem]) -> Iterator[tuple[str, Declared]]:
    if not isinstance(said, dict):
        todo = "write name, then means and example below it"
        problems.append(Problem(f"{where}: placeholders", "is no list of names", todo, _SLUG))
        return
    for name, content in said.items():
        place = f"{where}: placeholders: {name}"
        fields = FieldReader(
            content if isinstance(content, dict) else {}, where=place, problems=problems
        )
        known = fields.choice("known", KNOWN) if "known" in (content or ()) else ""
        yield str(name), Declared(fields.text("means"), fields.text("example"), known)
        fields.refuse_others()
