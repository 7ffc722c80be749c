"""A vendor reviewed with its SOC 2 report: days, exceptions, CUECs, outcome; in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
TODAY = datetime.now(UTC).date()
FIRST, LAST = TODAY - timedelta(days=400), TODAY - timedelta(days=36)
BEGAN, ENDS = TODAY - timedelta(days=200), TODAY + timedelta(days=164)
"""The period of the scope."""
REPORT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def check(page: Page, about: str, state: str) -> None:
    """One of the checks that stand between a report and relying on it."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=about, exact=True))
    expect(row).to_contain_text(state)


def take_in(page: Page) -> None:
    page.goto(f"{HOME}vendors/4/")
    page.get_by_role("link", name="Take in a SOC report").click()
    page.get_by_label("Kind").select_option("SOC 2")
    page.locator("[name=type]").select_option("2")
    page.get_by_label("First day").fill(str(FIRST))
    page.get_by_label("Last day, or date of a Type 1").fill(str(LAST))
    page.get_by_label("Service auditor").fill("Quarry & Vale LLP")
    page.locator("[name=opinion]").select_option("unqualified")
    page.get_by_label("security", exact=True).check()
    page.get_by_label("The report").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": REPORT}
    )
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("link", name="report.pdf")).to_be_visible()


def read(page: Page) -> None:
    """Its exceptions and what it expects of us are written down and decided."""
    check(page, "Period", "lacking")
    check(page, "Exceptions", "not checked")
    page.get_by_role("link", name="Write down exceptions").click()
    page.get_by_label("What the report found").first.fill("Two leavers kept access for nine days.")
    page.get_by_label("Does it concern you?").first.select_option("yes")
    page.get_by_label("Why it does, or does not").first.fill("They reach our data.")
    page.get_by_label("Your controls that make up for it").first.fill("AC-01")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Map CUECs").click()
    page.get_by_label("What they expect of you").first.fill("Accounts are withdrawn at once.")
    page.get_by_label("Your controls that answer it").first.fill("AC-01")
    page.get_by_role("button", name="Save").click()
    check(page, "CUECs", "in order")
    check(page, "Exceptions", "in order")


def review(page: Page) -> None:
    page.get_by_role("link", name="Record the review").click()
    page.get_by_label("Reviewed on").fill(str(TODAY))
    page.get_by_label("SOC report", exact=True).check()
    page.get_by_label("SOC report that was read").select_option(index=1)
    page.get_by_label("What was found").fill("One exception; our own control makes up for it.")
    page.get_by_label("Outcome").select_option("acceptable with conditions")
    page.get_by_label("Conditions").fill(f"{TODAY + timedelta(days=30)} Ask for a bridge letter")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("Ask for a bridge letter").first).to_be_visible()


def test_a_vendor_is_reviewed_with_its_soc_2_report(
    lived: Site, window: Callable[..., BrowserContext]
) -> None:
    """The report's days and the hole to ours, what it found, what it leaves to us, the outcome."""
    page = window(lived, role="compliance manager").new_page()
    uncovered = "lacking Vendors: Nimbus Cloud: no report covers"
    unassessed = "lacking Vendors: 1 vendor started, and nobody assessed them."
    criterion_says(page, "CC9.2", f"{uncovered} 365 days, {BEGAN} to {ENDS}", unassessed)
    control_says(page, "VEN-02", f"{uncovered} 365 days, {BEGAN} to {ENDS}")

    take_in(page)
    read(page)
    review(page)

    left = f"{uncovered} 200 days, {LAST + timedelta(days=1)} to {ENDS}"
    was_read = (
        f"kept Vendors: Nimbus Cloud: its report of {FIRST} to {LAST} was read: 1 of 1 exceptions"
        " concluded on, 1 of 1 CUECs answered or ruled out."
    )
    criterion_says(page, "CC9.2", left, was_read)
    control_says(page, "VEN-02", left, was_read)
    reviewed = f"kept Vendors: The last review was of Nimbus Cloud on {TODAY}"
    control_says(page, "VEN-01", f"{reviewed}: acceptable with conditions.")

    page.goto(f"{HOME}trail/?subject=vendor 4")
    for act in ("vendor.report_taken", "vendor.report_read", "vendor.reviewed"):
        expect(page.get_by_role("cell", name=act, exact=True).first).to_be_visible()
