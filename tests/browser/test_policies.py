"""A policy from its template through approval to what people accept, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
TODAY = datetime.now(UTC).date()
POLICY = f"{HOME}policies/backup-and-recovery/"


BACKUP = "Policies: The policy Backup and recovery"
MISSING = "lacking Policies: There is no policy backup-and-recovery, on which it rests."


def take(page: Page) -> None:
    """A template becomes a draft that its open places keep from being submitted."""
    page.goto(f"{HOME}policies/new/")
    page.get_by_role("button", name="Take Backup and recovery").click()
    page.goto(POLICY)
    expect(page.get_by_text("placeholders not filled:")).to_be_visible()
    expect(page.get_by_role("button", name="Submit for approval")).to_have_count(0)
    expect(page.get_by_text("so it binds nobody")).to_be_visible()


def fill(page: Page) -> None:
    page.get_by_role("link", name="Fill placeholders").click()
    for place in page.locator("main form input[type=text], main form textarea").all():
        if not place.input_value():
            place.fill("seven")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_text("not filled:")).to_have_count(0)


def submit(page: Page) -> None:
    """Who wrote a part of it is not offered to approve it."""
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("You wrote a part of it: somebody else approves it.")).to_be_visible()
    page.get_by_role("link", name="Decide on it").click()
    expect(page.get_by_role("button", name="Approve it")).to_have_count(0)


def approve(page: Page) -> None:
    page.goto(POLICY)
    page.get_by_role("link", name="Decide on it").click()
    page.get_by_role("button", name="Approve it").click()
    expect(page.get_by_role("heading", name="In force: version")).to_be_visible()


def enter(page: Page) -> None:
    """Whom a policy asks stands in the register of people."""
    page.goto(f"{HOME}people/new/")
    page.get_by_label("Name").fill("Dee Marsh")
    page.get_by_label("E-mail address").fill("dee@larkspur.example")
    page.get_by_label("First day of work").fill(str(TODAY))
    page.get_by_role("button", name="Enter them").click()


def accept(page: Page) -> None:
    """An employee finds it under My work, reads it, and says so."""
    page.goto(f"{HOME}my-work/")
    page.get_by_role("link", name="Backup and recovery").first.click()
    page.get_by_role("button", name="I have read it and will follow it").click()
    expect(page.get_by_text("You accepted it on")).to_be_visible()


def test_from_a_template_through_approval_to_acceptance(
    own_site: Site, window: Callable[..., BrowserContext]
) -> None:
    """Written by one, approved by another, accepted by a third; the record says who."""
    author = window(own_site, role="compliance manager").new_page()
    enter(author)
    criterion_says(author, "A1.2", MISSING)
    control_says(author, "BCK-01", MISSING)
    take(author)
    fill(author)
    submit(author)
    control_says(author, "BCK-01", f"lacking {BACKUP} is a draft and waits for approval.")

    approve(window(own_site, role="administrator").new_page())
    accept(window(own_site, role="employee").new_page())

    author.goto(f"{POLICY}acceptances/")
    expect(author.get_by_role("row").filter(has_text="accepted").first).to_be_visible()
    author.goto(f"{HOME}trail/?subject=policy backup-and-recovery")
    for act in ("policy.submitted", "policy.approved", "policy.accepted"):
        expect(author.get_by_role("cell", name=act, exact=True)).to_be_visible()
    in_force = f"kept {BACKUP} is in force, version 2 since {TODAY}, accepted by 1 of 6 people."
    criterion_says(author, "A1.2", in_force)
    control_says(author, "BCK-01", in_force)
