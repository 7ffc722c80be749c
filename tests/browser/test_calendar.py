"""One time that a control is due, from the calendar to its proof, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
TODAY = datetime.now(UTC).date()
NOTE = "Nine advisories were read; two concern us, and have tasks."


CODE, CRITERION = "RSK-06", "CC7.1"


def prove(page: Page) -> None:
    """Prove a time that is due."""
    page.goto(f"{HOME}calendar/")
    row = page.get_by_role("row").filter(has_text=CODE)
    row.get_by_role("link", name="Prove").first.click()
    page.get_by_label("On which day").fill(str(TODAY))
    page.get_by_label("What was done, and what was found").fill(NOTE)
    page.get_by_label("Proof as files").set_input_files(
        {"name": "advisories.txt", "mimeType": "text/plain", "buffer": b"CVE-2026-1\nCVE-2026-2\n"}
    )
    page.get_by_role("button", name="Keep it").click()


def test_a_time_is_proven_and_the_year_shows_it(
    lived: Site, window: Callable[..., BrowserContext]
) -> None:
    """The picture of the year, the table beside it, the entry with its file, and the trail."""
    page = window(lived, role="compliance manager").new_page()
    nothing = "not checked Calendar: Nothing was due so far"
    criterion_says(page, CRITERION, nothing, control=CODE)
    control_says(page, CODE, nothing)
    prove(page)

    expect(page.get_by_text("1 of 1 times that were due so far were done")).to_be_visible()
    page.get_by_role("link", name="Entry").first.click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.get_by_role("link", name="advisories.txt")).to_be_visible()

    page.goto(f"{HOME}trail/?subject=control {CODE}")
    expect(page.get_by_role("cell", name="occurrence.proved", exact=True)).to_be_visible()
    done = "kept Calendar: Done 1 of 1 times that were due so far."
    criterion_says(page, CRITERION, done, control=CODE)
    control_says(page, CODE, done)
