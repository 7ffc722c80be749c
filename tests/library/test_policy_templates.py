"""The templates of policies: complete, in one form, and agreeing with what controls say."""

import re

import pytest

from reperform.base.markdown import to_html
from reperform.base.placeholders import fill, marks, unfilled
from reperform.catalog.check import check_library
from reperform.catalog.library import library_folder, load_catalog
from reperform.catalog.policies import Policy
from reperform.catalog.policy_templates import PolicyTemplate, sections, template_problems

CATALOG = load_catalog()
TEMPLATES = {template.id: template for template in CATALOG.templates}
of_each_policy = pytest.mark.parametrize("policy", CATALOG.policies, ids=lambda each: each.id)
of_each_template = pytest.mark.parametrize("template", CATALOG.templates, ids=lambda each: each.id)


def test_every_policy_has_a_template_without_problems() -> None:
    """At least 25 that a company can adopt; ours are all of the index."""
    assert len(CATALOG.templates) == len(CATALOG.policies) >= 25
    assert check_library(library_folder()) == []


@of_each_policy
def test_a_template_lays_down_all_that_its_policy_must(policy: Policy) -> None:
    """Each demanded line has a section of rules; most of them are a list of several."""
    template = TEMPLATES[policy.id]
    parts = sections(template.text)

    assert len(template.covers) == len(policy.lays_down)
    for section in template.covers:
        assert len(re.findall(r"^- ", parts[section], re.MULTILINE)) >= 2, section


@of_each_template
def test_a_template_says_who_and_when(template: PolicyTemplate) -> None:
    """At least two people by position answer for something, and something has a time."""
    people = {name for name in template.placeholders if name.endswith(("_lead", "_officer"))}
    people |= set(template.placeholders) & {"board", "chief_executive", "security_engineer"}

    assert len(people) >= 2
    assert re.search(r"\d+ (working )?(days|hours|minutes)|each (year|month|week)", template.text)


@of_each_template
def test_a_template_is_whole_once_its_placeholders_are_filled(template: PolicyTemplate) -> None:
    """With its own examples nothing is left, and no sentence begins in small letters."""
    values = {name: said.example for name, said in template.placeholders.items()}
    text = fill(template.text, values)

    assert values.keys() == set(marks(template.text).names)
    assert not unfilled(template.text, values)
    assert not re.search(r"(?:[.?!]\s+|^- |\n\n)[a-z]", text)
    assert to_html(text).count("<h2>") == len(sections(text))


def test_a_template_that_leaves_something_out_is_found() -> None:
    """A check that cannot fail would be worth nothing."""
    policy = CATALOG.policies[0]
    whole = TEMPLATES[policy.id]
    short = PolicyTemplate(
        whole.id, "Another", whole.covers[:1], {}, "## Purpose\n\nx {{ company }} {{#if}}\n"
    )
    found = "\n".join(map(str, template_problems([short], CATALOG.policies[:2])))

    for said in (
        "has no section 'Scope'",
        "covers 1 of the 3 lines",
        "does not lay down",
        "is called 'Another'",
        "holds the mark '{{#if}}'",
        "the placeholder 'company' is not both used and declared",
        f"policies/{CATALOG.policies[1].id}.md: there is no template",
    ):
        assert said in found


@pytest.mark.parametrize(
    ("policy", "control", "figures"),
    [
        ("access-control", "AC-10", ["next business day", "1 hour"]),
        ("access-control", "AC-08", ["90 days", "30 days"]),
        ("access-control", "AC-14", ["365 days", "4 hours"]),
        ("backup-and-recovery", "BCK-03", ["35 days"]),
        ("vulnerability-management", "VUL-05", ["critical 7 days"]),
        ("incident-response", "INC-01", ["4 hours", "2 hours"]),
        ("incident-response", "INC-03", ["24 hours"]),
        ("people-security", "HR-03", ["80 percent", "15 days"]),
        ("policy-management", "POL-04", ["6 months"]),
        ("policy-management", "POL-01", ["7 years"]),
        ("policy-management", "COM-01", ["5 working days", "30 days"]),
        ("vendor-management", "VEN-03", ["48 hours"]),
        ("network-security", "NET-06", ["15 minutes", "4 hours"]),
        ("retention-and-disposal", "CON-07", ["70 days", "P-4"]),
        ("personal-data-breaches", "PRV-07", ["72 hours", "48 hours"]),
        ("privacy-requests", "PRV-21", ["60 days", "45 days"]),
        ("processing-integrity", "PI-12", ["40 results"]),
        ("service-levels", "AVL-08", ["60 percent", "85 percent"]),
    ],
)
def test_a_template_says_the_same_figures_as_the_controls(
    policy: str, control: str, figures: list[str]
) -> None:
    """A control that names a policy asks for nothing that the policy says otherwise."""
    (text,) = [each for each in CATALOG.controls if each.id == control]
    written = " ".join(TEMPLATES[policy].text.split())

    assert policy in text.policies
    for figure in figures:
        assert figure in " ".join(text.text.split())
        assert figure in written
