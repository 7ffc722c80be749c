"""A risk from its entry to the heat map and the losses of a year, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
TITLE = "A contractor copies the customer list"


def enter(page: Page) -> None:
    page.goto(f"{HOME}risks/new/")
    page.get_by_label("What could happen").fill(TITLE)
    page.get_by_label("What it threatens").fill("Customers' records are protected")
    page.get_by_label("Category", exact=False).first.select_option("fraud")
    page.get_by_label("LOG-01").check()
    page.get_by_label("Events in 100 years, at least").fill("20")
    page.get_by_label("Events in 100 years, at most").fill("120")
    page.get_by_label("Loss of one event, at least").fill("5000")
    page.get_by_label("Loss of one event, at most").fill("90000")
    page.get_by_role("button", name="Enter the risk").click()


def judge(page: Page) -> None:
    page.get_by_label("Likelihood without controls").select_option("4")
    page.get_by_label("Impact without controls").select_option("5")
    page.get_by_label("Likelihood today").select_option("1")
    page.get_by_label("Impact today").select_option("5")
    page.get_by_label("What lowers it").fill("Exports are logged and looked at each month.")
    page.get_by_role("button", name="Record the judgment").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_from_an_entry_to_the_heat_map_and_the_losses(
    lived: Site, window: Callable[..., BrowserContext]
) -> None:
    """A manager enters and judges it; whoever may only read follows it from the map."""
    page = window(lived, role="compliance manager").new_page()
    nothing = "lacking Risks: No open risk of fraud was judged in the last 12 months."
    criterion_says(page, "CC3.3", nothing)
    control_says(page, "RSK-02", nothing)
    enter(page)
    judge(page)

    page.goto(f"{HOME}risks/heat-map/")
    page.locator("svg a[href*='residual&cell=1-5']").click()
    expect(page.get_by_text(TITLE)).to_be_visible()
    page.goto(f"{HOME}risks/losses/")
    row = page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("20 to 120")
    shown = row.inner_text()
    page.reload()
    assert page.get_by_role("row").filter(has_text=TITLE).inner_text() == shown

    page.goto(f"{HOME}trail/")
    expect(page.get_by_role("cell", name="risk.assessed", exact=True)).to_be_visible()

    judged = "kept Risks: Risks of fraud that were judged in the last 12 months: 1."
    criterion_says(page, "CC3.3", judged)
    control_says(page, "RSK-02", judged)
    resting = "kept Risks: It lowers what is high or critical without controls: RISK-"
    control_says(page, "LOG-01", resting)
