"""The library's controls: every point of focus addressed, every category deep, no two alike."""

import re
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from reperform.catalog.controls import Control
from reperform.catalog.criteria import CRITERION_IDS, category_of
from reperform.catalog.library import load_catalog

CATALOG = load_catalog()
CONTROLS = CATALOG.controls
POINTS = [point.id for criterion in CATALOG.criteria for point in criterion.points_of_focus]

FEWEST = 120
FEWEST_FOR_A_CRITERION = 3
MOST_POINTS = 10
SHINGLE = 4
TOO_ALIKE = 0.25
"""Share of runs of four words that two controls may have in common."""

VAGUE = re.compile(
    r"\b(?:timely|as (?:appropriate|needed|necessary|required)|(?:where|when|if) (?:appropriate|"
    r"necessary|applicable)|regular(?:ly)?|periodic(?:ally)?|adequate(?:ly)?|sufficient(?:ly)?|"
    r"reasonabl[ey]|appropriate(?:ly)?|suitabl[ey]|promptly|from time to time|best practices?|"
    r"industry.standard)\b",
    re.IGNORECASE,
)

BRITISH = re.compile(
    r"\b(?:\w*(?:organ|recogn|author|minim|anonym|categor|priorit|custom|summar|standard|final|util"
    r"|normal|general|special|harmon|real)is(?:e[ds]?|ing|ations?)|analys(?:ed|ing)"
    r"|\w*(?:behaviour|labour|colour|favour|centre|catalogue|licence|defence|judgement)s?"
    r"|programmes?|fulfil|enrol|labelled|labelling|travelled|cancelled|modelling)\b",
    re.IGNORECASE,
)


def text_of(control: Control) -> str:
    return " ".join([control.title, control.text, control.population, *control.evidence])


def test_there_are_at_least_120_controls_and_they_reach_every_criterion() -> None:
    """Of all five categories, not of security alone."""
    reached = {criterion for control in CONTROLS for criterion in control.criteria}

    assert len(CONTROLS) >= FEWEST
    assert reached == set(CRITERION_IDS)


def test_every_point_of_focus_is_addressed_by_a_control() -> None:
    """All 286: a point that no control addresses would be a hole that a gap analysis hides."""
    addressed = {point for control in CONTROLS for point in control.points_of_focus}

    assert len(POINTS) == 286
    assert sorted(set(POINTS) - addressed) == []


@pytest.mark.parametrize(
    "criterion", [name for name in CRITERION_IDS if category_of(name) != "security"]
)
def test_a_criterion_beyond_security_has_as_many_controls_as_one_of_security(
    criterion: str,
) -> None:
    """Availability, confidentiality, processing integrity and privacy are no afterthought."""
    serving = [control.id for control in CONTROLS if criterion in control.criteria]

    assert len(serving) >= FEWEST_FOR_A_CRITERION


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_control_names_points_policies_and_a_population(control: Control) -> None:
    """And not more points than one act can address."""
    assert 1 <= len(control.points_of_focus) <= MOST_POINTS
    assert control.policies
    assert len(control.population.split()) > 5


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_population_says_every_what_or_which_and_from_where(control: Control) -> None:
    """An auditor can ask for it in those words."""
    assert not control.population.endswith(".")
    assert re.match(r"(every|the|all|pairs?|each) ", control.population)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_control_says_nothing_that_two_people_would_read_in_two_ways(control: Control) -> None:
    """No `timely`, no `as appropriate`: numbers instead."""
    assert VAGUE.findall(text_of(control)) == []


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_a_control_is_written_in_american_spelling(control: Control) -> None:
    """As the reports are."""
    assert BRITISH.findall(text_of(control)) == []


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9.]+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def likeness(first: set[tuple[str, ...]], second: set[tuple[str, ...]]) -> float:
    return len(first & second) / min(len(first), len(second))


def test_no_two_controls_are_nearly_the_same() -> None:
    """Boilerplate siblings make a long list that protects nothing more."""
    found = {control.id: shingles(control.text) for control in CONTROLS}

    alike = {
        (first, second): round(likeness(found[first], found[second]), 2)
        for first, second in combinations(found, 2)
        if likeness(found[first], found[second]) > TOO_ALIKE
    }
    assert alike == {}


def test_a_sibling_with_another_noun_would_be_found() -> None:
    """The measure itself."""
    text = "The Head of People lists the badges each month and disables those of leavers that day."

    assert likeness(shingles(text), shingles(text.replace("badges", "accounts"))) > TOO_ALIKE


def test_no_two_controls_have_one_title_or_one_population_but_states_of_the_same_thing() -> None:
    """A population is shared only by controls over one and the same list."""
    titles = Counter(control.title for control in CONTROLS)
    sharing = defaultdict(list)
    for control in CONTROLS:
        sharing[control.population].append(control.family)

    assert [title for title, count in titles.items() if count > 1] == []
    assert [families for families in sharing.values() if len(set(families)) > 2] == []


def test_the_owner_named_in_a_text_is_the_owner_of_the_control_or_has_another_part_in_it() -> None:
    """Whoever owns a control is one of the roles that other controls know too."""
    owners = Counter(control.owner for control in CONTROLS)
    known = {policy.owner for policy in CATALOG.policies}

    assert [owner for owner in known if owner not in owners] == []
