"""The trail's page: newest first, page by page, of one subject, act or person."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.actions import record
from web.conftest import AT


@pytest.fixture
def browser(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> Client:
    """A compliance manager of Larkspur, whose trail has 120 entries about things."""
    with transaction.atomic():
        for number in range(120):
            record(
                log=larkspur.log,
                act="thing.made",
                by="ada",
                at=AT,
                subject=f"thing {number}",
                after={"number": number},
            )
    return signed_in(member(Role.COMPLIANCE_MANAGER))


def subjects(page: str) -> list[str]:
    return [part.split("<", 1)[0] for part in page.split(">thing ")[1:]]


@pytest.mark.parametrize(("number", "first", "last"), [(1, 119, 70), (2, 69, 20), (3, 19, 0)])
def test_a_page_has_the_entries_of_its_place(
    browser: Client, larkspur: Organization, number: int, first: int, last: int
) -> None:
    """None is shown twice, none is left out, the newest is the first."""
    url = f"/o/{larkspur.slug}/trail/?act=thing.made&page={number}"
    shown = [int(each) for each in subjects(browser.get(url).content.decode())]

    assert shown == list(range(first, last - 1, -1))


def test_a_subject_that_nothing_is_about_shows_nothing(
    browser: Client, larkspur: Organization
) -> None:
    """An empty list is a page, too."""
    answer = browser.get(f"/o/{larkspur.slug}/trail/?subject=nothing")

    assert answer.status_code == 200
    assert not subjects(answer.content.decode())
