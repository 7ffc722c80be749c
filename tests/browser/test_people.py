"""An employee from the first day to the last, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
NAME = "Dee Marsh"
TODAY = datetime.now(UTC).date()
FIRST, LAST = TODAY - timedelta(days=5), TODAY - timedelta(days=2)
OWN = ("Set up your second factor", "Read and accept the policies")
LATE = "Announce the departure"


def join(page: Page) -> str:
    """The manager enters somebody, whose checklist begins; return the page of the person."""
    page.goto(f"{HOME}people/")
    page.get_by_role("link", name="Somebody joins").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("E-mail address").fill("dee@larkspur.example")
    page.get_by_label("First day of work").fill(f"{FIRST}")
    page.get_by_role("button", name="Enter them").click()
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", name="A new employee begins")).to_be_visible()
    return page.url


def accept(page: Page) -> None:
    """The employee finds under My work what there is to read, and accepts each of it."""
    page.goto(HOME)
    page.get_by_role("link", name="My work").first.click()
    for title in ("Policy 0", "Policy 1"):
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_role("button", name="I have read it and will follow it").click()
        expect(page.get_by_text("You accepted it on")).to_be_visible()
        page.get_by_role("link", name="My work").first.click()
        expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)


def finish_own(page: Page) -> None:
    for what in OWN:
        page.get_by_role("link", name=what).click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="My work")).to_be_visible()
        expect(page.get_by_role("link", name=what)).to_have_count(0)


def leave(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Leaves", exact=True).click()
    page.get_by_label("Last day of work").fill(f"{LAST}")
    page.get_by_role("button", name="Enter the departure").click()
    expect(page.get_by_role("heading", name="An employee leaves")).to_be_visible()


def finish_leaver(page: Page) -> None:
    """Every step is opened from the table and finished; what was due before is late for good."""
    table = page.get_by_role("region", name="An employee leaves")
    left = table.get_by_role("row").filter(has_text="open")
    for _ in range(left.count()):
        left.first.get_by_role("link").first.click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(left).to_have_count(0)
    expect(table.get_by_role("row").filter(has_text=LATE)).to_contain_text("3 days late")


def test_from_the_first_day_to_the_last(
    own_site: Site, window: Callable[..., BrowserContext]
) -> None:
    """Joined, policies accepted, onboarded, left: each in the trail and in the gap analysis."""
    manager = window(own_site, role="compliance manager").new_page()
    employee = window(own_site, role="employee").new_page()
    nobody = "not checked People: The register knows of nobody who"
    criterion_says(manager, "CC6.2", f"{nobody} joined", f"{nobody} left")
    in_force = "kept Policies: The policy Policy 0 is in force"
    control_says(manager, "AC-01", f"{in_force}, version 2 since {TODAY}, accepted by 4 of 5")

    address = join(manager)
    accept(employee)
    control_says(manager, "AC-01", f"{in_force}, version 2 since {TODAY}, accepted by 5 of 6")
    joined = "People: Steps for people who joined in the last 12 months: 8"
    criterion_says(manager, "CC6.2", f"lacking {joined}, 0 done, ")
    finish_own(employee)
    criterion_says(manager, "CC6.2", f"lacking {joined}, 2 done, ")
    manager.goto(address)
    expect(manager.get_by_role("row").filter(has_text=OWN[0])).to_contain_text("done")
    leave(manager, address)
    finish_leaver(manager)

    for path, act, times in (
        ("trail/?act=policy.accepted", "policy.accepted", 2),
        ("trail/?act=step.done", "step.done", 10),
        ("trail/?act=person.left&by=bo@larkspur.example", "person.left", 1),
    ):
        manager.goto(f"{HOME}{path}")
        expect(manager.get_by_role("cell", name=act, exact=True)).to_have_count(times)
    left = "People: Steps for people who left in the last 12 months"
    criterion_says(manager, "CC6.2", f"lacking {left}: 8, 8 done, ")
    served = "People: Steps of checklists that serve it, in the last 12 months"
    control_says(manager, "AC-10", f"lacking {served}: 4, 4 done, ")
