"""What an organization begins with: the starter set, or all that the library proposes."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.criteria import CRITERION_IDS, category_of
from reperform.catalog.installed import catalog
from reperform.catalog.starter import starter_ids
from reperform.program.actions.scope import change_scope
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.program.scope.document import ScopeDocument
from web.conftest import AT
from web.test_controls import HOME, OWN, adopt, sent, text

BULK = f"{HOME}bulk/"
SECURITY = starter_ids(catalog().starter, ["security"])
COMMON = {name for name in CRITERION_IDS if category_of(name) == "security"}


def decide(organization: Organization, *categories: str) -> None:
    scope = ScopeDocument(categories=categories)
    change_scope(organization=organization, scope=scope, seen=0, library="0" * 64, by="x", at=AT)


def rows_asked(client: Client, query: str) -> list[str]:
    """Return the rows that the page before the adoption lists."""
    answer = client.post(BULK, {"act": "adopt", "all": "1", "query": query})
    return re.findall(r'name="row" value="([^"]+)"', answer.content.decode())


def take(client: Client, query: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(BULK, {"act": "adopt", "row": rows_asked(client, query), "do": "1"})


def test_two_choices_are_offered_with_their_numbers(manager: Client) -> None:
    """How many each adopts, that both reach every criterion, and which points they leave."""
    needed = [each for each in catalog().controls if COMMON & set(each.criteria)]
    addressed = {p for each in needed if each.id in SECURITY for p in each.points_of_focus}
    points = [
        p.id for each in catalog().criteria if each.id in COMMON for p in each.points_of_focus
    ]
    open_points = sum(point not in addressed for point in points)

    said = text(manager, HOME)

    assert "Begin with one of two" in said
    assert '<details class="tree" id="begin" open>' in said
    assert f'<p class="stat">{len(SECURITY)}</p>' in said
    assert f'<p class="stat">{len(needed)}</p>' in said
    assert said.count("every one of the 33 criteria in scope has a control") == 2
    assert f"leaves {open_points} of {len(points)} points of focus without a control" in said
    assert f"leaves none of the {len(points)} points of focus" in said
    assert "Points of focus are guidance, and no requirements" in said
    assert "The servers stand with a host" in said


def test_the_starter_set_is_adopted_at_once_and_leaves_no_hole(manager: Client) -> None:
    """Exactly its controls, each criterion of the matrix with one, and the rest still offered."""
    assert take(manager, "state=proposed&needed=yes&starter=yes").status_code == 302

    assert set(AdoptedControl.objects.values_list("library_id", flat=True)) == SECURITY
    assert "Every criterion that applies has a control." in text(manager, f"{HOME}matrix/")
    said = text(manager, HOME)
    assert "What there is still to adopt" in said
    assert '<details class="tree" id="begin">' in said
    assert "You adopted all of it" in said
    assert "Look at the starter set" not in said


def test_what_is_not_theirs_is_unmarked_before_the_set_is_adopted(manager: Client) -> None:
    """A company without hosts of its own leaves SSH out; after the look nothing can be unmarked."""
    form = {"act": "adopt", "all": "1", "query": "state=proposed&needed=yes&starter=yes"}
    asked = manager.post(BULK, form).content.decode()
    kept = [row for row in rows_asked(manager, form["query"]) if row != "AC-06:0"]

    looked = manager.post(BULK, {"act": "adopt", "row": kept, "look": "1"}).content.decode()

    assert '<input type="checkbox" name="row" value="AC-06:0" checked' in asked
    assert "AC-06" not in looked
    assert 'type="checkbox"' not in looked
    assert f"Adopt: {len(SECURITY) - 1} controls</button>" in looked


def test_a_category_adds_its_own(manager: Client, larkspur: Organization) -> None:
    """The set follows the scope."""
    decide(larkspur, "security", "availability")

    rows = rows_asked(manager, "state=proposed&needed=yes&starter=yes")

    both = starter_ids(catalog().starter, ["security", "availability"])
    assert {row.partition(":")[0] for row in rows} == both > SECURITY


def test_a_criterion_that_a_tailored_control_gave_up_is_named(manager: Client) -> None:
    """What was adopted is counted as it stands, not as the library says it."""
    adopt(manager, "RSK-02", criteria=["CC3.2"], points_of_focus=[])

    said = text(manager, HOME)

    assert "1 of the 33 criteria in scope would still have none: CC3.3." in said
    assert said.count("of the 33 criteria in scope would still have none") == 2


def test_the_list_is_narrowed_to_the_starter_set(manager: Client) -> None:
    assert f"{len(SECURITY)} controls of this selection" in text(manager, f"{HOME}?starter=yes")
    others = len(catalog().controls) - len(SECURITY)
    assert f"{others} controls of this selection" in text(manager, f"{HOME}?starter=no")
    assert 'badge good">starter<' not in text(manager, f"{HOME}?starter=no")
    manager.post(f"{HOME}new/", OWN)
    assert "No control is like this." in text(manager, f"{HOME}?starter=yes&text=PAY-01")


def test_a_control_that_is_proposed_says_whether_it_is_of_the_set(manager: Client) -> None:
    """And no longer once it is adopted: then it is management's own."""
    says = "starter set</a> for security"

    assert says in text(manager, f"{HOME}CHG-01/")
    assert says not in text(manager, f"{HOME}CHG-08/")
    assert "starter set</a> for" not in text(manager, f"{HOME}AVL-01/")
    adopt(manager)
    assert says not in text(manager, f"{HOME}CHG-01/")


def test_who_may_not_adopt_is_offered_nothing(
    member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    auditor = signed_in(member(Role.AUDITOR))

    said = text(auditor, HOME)

    assert "Begin with one of two" not in said
    assert auditor.post(BULK, {"act": "adopt", "all": "1"}).status_code == 403


def test_a_control_of_the_library_is_not_adopted_twice_and_why_is_said(manager: Client) -> None:
    """Before anything is typed, and where it is refused, with what to do instead."""
    adopt(manager)
    says = "Two active controls cannot come from the same library control"

    before = text(manager, f"{HOME}adopt/CHG-01/")
    refused = manager.post(f"{HOME}adopt/CHG-01/", sent(code="CHG-01.2"))
    several = manager.post(BULK, {"act": "adopt", "row": ["CHG-01:0"], "look": "1"})

    assert "It is adopted already, as" in before
    assert says in before
    assert refused.status_code == 422
    assert says in unescape(refused.content.decode())
    assert says.lower() in unescape(several.content.decode()).lower()
    assert says not in text(manager, f"{HOME}adopt/CHG-02/")
    assert AdoptedControl.objects.count() == 1


def test_a_task_of_a_control_is_one_step_away(manager: Client, larkspur: Organization) -> None:
    adopt(manager)
    RemediationTask.objects.create(
        organization=larkspur,
        number=7,
        title="Protect the branch",
        control="CHG-01",
        risk="low",
        changed_by="test",
        changed_at=AT,
    )

    said = text(manager, f"{HOME}CHG-01/")

    assert '<a href="/o/larkspur/plan/7/">Protect the branch</a>' in said
    assert manager.get("/o/larkspur/plan/7/").status_code == 200


def test_points_of_focus_stand_below_a_criterion_that_is_newly_chosen(manager: Client) -> None:
    """As help; those of a criterion chosen already can be marked instead."""
    said = text(manager, f"{HOME}adopt/CHG-01/")

    labels = {p.id: p.label for each in catalog().criteria for p in each.points_of_focus}
    assert f"<li>CC7.1-a {labels['CC7.1-a']}</li>" in said
    assert "<li>CC8.1-a " not in said
    assert 'name="points_of_focus" value="CC8.1-a"' in said
