"""An incident from an employee's report to lessons and DC 4, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
BELOW = "A database dump was found on a public server"
DAY = datetime.now(UTC).date() - timedelta(days=6)
LATER = DAY + timedelta(days=4)


def report(page: Page) -> None:
    page.goto(f"{HOME}incident-report/")
    page.get_by_label("What is it?").fill(BELOW)
    page.get_by_label("What happened?").fill("A search engine led me to a file of ours.")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Thank you. Your report is INC-")).to_be_visible()


def grade(page: Page) -> None:
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Severity").select_option("sev1")
    page.get_by_label("State").select_option("resolved")
    page.get_by_label("It began").fill(f"{DAY} 10:00+01:00")
    page.get_by_label("It was resolved").fill(f"{DAY} 11:30 UTC")
    page.get_by_label("It was noticed").fill(f"{DAY} 09:30 UTC")
    page.get_by_label("Root cause").fill("A backup was written to the wrong folder.")
    page.get_by_label("A control failed").select_option("yes")
    page.get_by_label("DC 4 tells of it").select_option("yes")
    page.get_by_label("Because").fill("A control failed.")
    page.get_by_label("Extent").fill("One file with test data.")
    page.get_by_label("Disposition").fill("The file was removed.")
    page.get_by_label("Lessons").fill("Folders are listed each night.")
    page.get_by_label("Reviewed on").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(": saved.")).to_be_visible()


def notify(page: Page) -> None:
    """One notice is decided and done late; none of the others applies, for one reason."""
    page.get_by_role("link", name="Supervisory authority (GDPR)").click()
    page.get_by_label("Applies to this incident").select_option("yes")
    page.get_by_label("Because").fill("Names of customers were in it.")
    page.get_by_label("Notified").fill(f"{LATER} 10:00 UTC")
    page.get_by_label("How, and whom").fill("By the form of the authority.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("done late")).to_be_visible()
    page.get_by_text("that are not decided applies").click()
    page.get_by_label("Because").fill("Nobody of these is concerned.")
    page.get_by_role("button", name="Decide that none applies").click()
    expect(page.get_by_text("decided: they do not apply.")).to_be_visible()


def write(page: Page) -> None:
    page.get_by_text("Write an entry", exact=True).click()
    page.get_by_label("What happened, was done or was found").fill("The file is gone.")
    page.get_by_label("Proof optional").set_input_files(
        {"name": "gone.txt", "mimeType": "text/plain", "buffer": b"404 Not Found"}
    )
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("link", name="gone.txt")).to_be_visible()


def learn(page: Page) -> None:
    page.get_by_role("link", name="Make a task of a lesson").click()
    page.get_by_label("What is to be done").fill("List public folders each night")
    page.get_by_role("button", name="Make the task").click()
    expect(
        page.get_by_role("cell", name="List public folders each night", exact=True)
    ).to_be_visible()


def test_from_a_report_to_lessons_and_dc_4(
    lived: Site, window: Callable[..., BrowserContext]
) -> None:
    """The employee reports, a manager handles and closes it, and Section III tells of it."""
    employee = window(lived, role="employee").new_page()
    report(employee)
    page = window(lived, role="compliance manager").new_page()
    page.goto(f"{HOME}incidents/?q=dump")
    page.get_by_role("row").filter(has_text=BELOW).get_by_role("link").click()

    unresolved = "not checked Incidents: 3 incidents, none of them resolved yet."
    criterion_says(page, "CC7.4", unresolved, "lacking Incidents: 1 notice was or is late: INC-1.")
    control_says(page, "INC-02", unresolved)
    page.goto(f"{HOME}incidents/4/")
    grade(page)
    write(page)
    notify(page)
    learn(page)
    page.get_by_role("link", name="Close it").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("closed", exact=True).first).to_be_visible()

    page.get_by_role("link", name="What DC 4 says, and what it would say").click()
    page.get_by_role("button", name="Put it into the description").click()
    page.goto(f"{HOME}description/preview/")
    expect(page.get_by_text(BELOW)).to_be_visible()
    employee.reload()
    expect(employee.get_by_text("The file was removed.")).to_be_visible()
    learnt = "kept Incidents: Each resolved incident has a root cause and reviewed lessons: 1 of 3"
    late = "lacking Incidents: 2 notices were or are late: INC-1, INC-4."
    criterion_says(page, "CC7.4", learnt, late)
    control_says(page, "INC-02", learnt)
    control_says(page, "INC-03", late)
