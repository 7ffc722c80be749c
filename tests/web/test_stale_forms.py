"""One way, on every page, of saying that somebody else changed it while one was writing."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

import reperform.web
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role

TEMPLATES = Path(reperform.web.__file__).parent / "templates"
NOTE = "web/stale_note.html"
FILES = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
    for path in TEMPLATES.rglob("*.html")
}
LITTLE_WRITTEN = {
    "web/vendors/report.html": "a button; what it does is answered on a page that compares",
    "web/vendors/scope.html": "as above",
    "web/policies/policy.html": "buttons: nothing is written",
    "web/policies/acceptances.html": "a person, a day and a file, of the version in force then",
    "web/controls/retire.html": "a day and a reason, which stay; the page shows the control",
    "web/controls/fit.html": "a reason, which stays; the page compares the two texts anew",
    "web/access_reviews/review.html": "a reason; the page is the review as it stands",
}
"""Forms that say the refusal alone, and why there is nothing to compare."""


def used(name: str) -> set[str]:
    """Return every template that a template extends or includes, and so on."""
    waiting, found = [name], set[str]()
    while waiting:
        text = FILES.get(waiting.pop(), "")
        named = set(re.findall(r'{% (?:extends|include) "([^"]+)"', text)) - found
        found |= named
        waiting += named
    return found


VERSIONED = sorted(name for name, text in FILES.items() if 'name="seen"' in text)


@pytest.mark.parametrize("name", VERSIONED)
def test_a_form_that_knows_its_version_shows_what_stands_beside_what_was_written(name: str) -> None:
    """By the one note; a form that compares nothing has its reason here."""
    if name in LITTLE_WRITTEN:
        assert NOTE not in used(name), "it has the note by now: take it out of the list"
    else:
        assert NOTE in used(name)


def test_nothing_else_says_it_in_its_own_words() -> None:
    assert len(VERSIONED) > 25
    assert set(LITTLE_WRITTEN) <= set(VERSIONED)
    saying = [name for name, text in FILES.items() if ">As it is now<" in text]
    assert saying == [NOTE]


FORMS: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    # Address -> what the first sends, what the second sends, where the second's words are kept.
    "settings/": ({"name": "Theirs"}, {"name": "Mine"}, 'value="Mine"'),
    "description/dc3.data/": ({"text": "Theirs"}, {"text": "Mine"}, "Mine</textarea>"),
    "scope/system/": ({"system": "Theirs"}, {"system": "Mine"}, 'value="Mine"'),
}


@pytest.mark.parametrize("at", FORMS)
def test_the_second_of_two_reads_both_and_loses_nothing(
    at: str,
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """Pages that had words of their own for it; the registers' forms have tests of theirs."""
    browser = signed_in(member(Role.ADMINISTRATOR))
    first, second, kept = FORMS[at]
    url = f"/o/{larkspur.slug}/{at}"
    browser.post(url, {**first, "seen": "0"})

    late = browser.post(url, {**second, "seen": "0"})

    page = unescape(late.content.decode())
    assert late.status_code == 409
    assert "stale-version" in page
    _, _, shown = page.partition("As it is now")
    stands, _, written = shown.partition("As you wrote it")
    assert "Theirs" in stands
    assert kept in written
    assert 'name="seen" value="1"' in page
    assert browser.post(url, {**second, "seen": "1"}).status_code == 302
