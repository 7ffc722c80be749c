"""A review of access from the inventory to what the gap analysis says of it, in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.serving import Site
from browser.tracing import control_says, criterion_says

HOME = "/o/larkspur/"
TODAY = datetime.now(UTC).date()
LONG_AGO = TODAY - timedelta(days=400)
LAST = "The last review was finished on"
HEADER = "user,email,role,status,last login\n"
CONSOLE = (
    f"{HEADER}"
    f"worker1,person0@larkspur.example,reader,active,{TODAY}\n"
    f"chi,chi@larkspur.example,reader,active,{TODAY}\n"
    "liam,liam@larkspur.example,admin,active,2024-01-15\n"
)
"""The first is somebody at work, the second the reviewer, the third nobody knows any more."""
CODE = f"{HEADER}worker2,person1@larkspur.example,admin,active,{TODAY}\n"
PAYROLL = f"{HEADER}worker3,person2@larkspur.example,clerk,active,{TODAY}\n"
LISTS = {"Cloud console": CONSOLE, "Code host": CODE, "Payroll": PAYROLL}
REVIEWERS = {"Cloud console": "Chi Okafor", "Code host": "Chi Okafor", "Payroll": "Ada Reyes"}


def enter_systems(page: Page) -> None:
    """Three systems with accounts, that nobody reviewed for longer than their cycle."""
    for name in LISTS:
        page.goto(f"{HOME}assets/")
        page.get_by_role("link", name="New asset").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("In use since").fill(f"{LONG_AGO}")
        page.get_by_label("People have accounts in it").select_option("yes")
        page.get_by_label("Months between reviews of access").fill("3")
        page.get_by_role("button", name="Enter it").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def begin(page: Page) -> str:
    """Return where the review is."""
    page.goto(f"{HOME}access-reviews/")
    page.get_by_role("link", name="Start a review").click()
    page.get_by_label("Title").fill("Access in the autumn")
    page.get_by_label("Run by").select_option(label="Bo Lindqvist")
    page.get_by_label("Due", exact=True).fill(f"{TODAY + timedelta(days=14)}")
    for name, reviewer in REVIEWERS.items():
        page.get_by_label(name, exact=True).select_option(label=reviewer)
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_text("3 systems without a list")).to_be_visible()
    return page.url


def bring(page: Page, content: str) -> None:
    """Bring a list on the page that asks for it, taken just now."""
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Show what it says").click()
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    page.get_by_label("Source").fill("https://console.larkspur.example")
    page.get_by_label("Query").fill("list-users --all --format csv")
    page.get_by_label("Taken at").fill(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}")
    page.get_by_label("It has every account of the system").select_option("yes")
    page.get_by_label("Words that mean privileged").fill("admin")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("are kept.")).to_be_visible()


def bring_all(page: Page) -> None:
    for name, content in LISTS.items():
        page.get_by_role("link", name=f"Bring the list of {name}").click()
        bring(page, content)
    expect(page.get_by_text("0 of 5 accounts")).to_be_visible()


def open_system(page: Page, review: str, name: str) -> None:
    page.goto(review)
    systems = page.get_by_role("region", name="Systems")
    systems.get_by_role("link", name=name, exact=True).click()


def account(page: Page, key: str) -> Locator:
    """Return the row of an account."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=key))


def decide(page: Page, key: str, decision: str, reason: str, *, change_to: str = "") -> None:
    page.get_by_label(f"Decision on {key}").select_option(decision)
    page.get_by_label(f"Change {key} to").fill(change_to)
    page.get_by_label(f"Reason for {key}").fill(reason)


def save(page: Page, said: str) -> None:
    page.get_by_role("button", name="Save what is decided here").click()
    expect(page.get_by_text(said)).to_be_visible()


def review_console_and_code(page: Page, review: str) -> None:
    """The control owner's systems: kept, removed, changed; the own account is not offered."""
    open_system(page, review, "Cloud console")
    expect(account(page, "chi")).to_contain_text("your own account")
    expect(page.get_by_label("Decision on chi")).to_have_count(0)
    expect(account(page, "liam")).to_contain_text("matched to nobody")
    page.get_by_role("button", name="Keep the 1 without a mark").click()
    expect(account(page, "worker1").get_by_label("Decision on")).to_have_value("keep")
    decide(page, "liam", "remove", "Liam left in January.")
    save(page, "1 decided.")
    page.get_by_role("link", name="Back to the review").click()
    expect(page).to_have_url(review)
    open_system(page, review, "Code host")
    decide(page, "worker2", "change", "Nobody administers it any more.", change_to="reader")
    save(page, "1 decided.")


def review_payroll(page: Page, review: str) -> None:
    """The administrator does not know, and leaves the account to somebody else."""
    open_system(page, review, "Payroll")
    decide(page, "worker3", "not mine", "Ask the head of finance.")
    save(page, "1 decided.")


def decide_what_was_left(page: Page, review: str) -> None:
    """Whoever runs it decides the reviewer's own account, and what a reviewer left."""
    page.goto(review)
    expect(page.get_by_text("It can be finished when every account")).to_be_visible()
    open_system(page, review, "Cloud console")
    expect(page.get_by_label("Decision on liam")).to_have_count(0)
    decide(page, "chi", "keep", "")
    page.get_by_role("button", name="Save what is decided here").click()
    expect(page.get_by_text("row 2: chi is kept though it is matched to nobody")).to_be_visible()
    decide(page, "chi", "keep", "Chi operates the console.")
    save(page, "1 decided.")
    open_system(page, review, "Payroll")
    decide(page, "worker3", "keep", "The head of finance says so.")
    save(page, "1 decided.")


def show_it_gone(page: Page, review: str) -> None:
    """The same system is asked again: first Liam is still there, then no longer."""
    for content, shown in ((CONSOLE, "still there"), (CONSOLE.replace("liam", "noor"), "gone")):
        page.goto(review)
        page.get_by_role("link", name="a later list of Cloud console").click()
        bring(page, content)
        page.goto(review)
        removals = page.get_by_role("region", name="Removals").get_by_role("row")
        expect(removals.filter(has_text="Liam left in January.")).to_contain_text(shown)
        expect(removals.filter(has_text="change to reader")).to_contain_text("not known")


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish and sign off").click()
    expect(page.get_by_text("signed off by bo@larkspur.example")).to_be_visible()


def trail_has(page: Page, act: str, *said: str) -> None:
    """Every one of the texts is in an entry of the act."""
    page.goto(f"{HOME}trail/")
    page.get_by_label("Did what").select_option(act)
    page.get_by_role("button", name="Show", exact=True).click()
    for text in said:
        expect(page.get_by_role("row").filter(has_text=text).first).to_be_visible()


def test_a_review_of_access_from_its_lists_to_the_criterion(
    lived: Site, window: Callable[..., BrowserContext]
) -> None:
    """Reviewers decide line by line, a later list shows a removal, and the gap analysis says so."""
    page = window(lived, role="compliance manager").new_page()
    enter_systems(page)
    before = (
        "lacking Access reviews: Of 6 systems with accounts, 3 have no review in their cycle",
        f"kept Access reviews: {LAST} {TODAY}: REV-1.",
    )
    criterion_says(page, "CC6.3", *before)
    control_says(page, "AC-12", *before)
    review = begin(page)
    bring_all(page)

    review_console_and_code(window(lived, role="control owner").new_page(), review)
    review_payroll(window(lived, role="administrator").new_page(), review)
    decide_what_was_left(page, review)
    show_it_gone(page, review)
    finish(page)

    after = (
        "kept Access reviews: Each of 6 systems with accounts has a review in its cycle",
        f"kept Access reviews: {LAST} {TODAY}: REV-3.",
        "kept Access reviews: Later lists of accounts show 1 of ",
    )
    criterion_says(page, "CC6.3", *after)
    control_says(page, "AC-12", *after)
    page.goto(f"{HOME}access-reviews/removals/")
    expect(account(page, "worker2")).to_contain_text("not known")
    expect(account(page, "liam")).to_have_count(0)
    trail_has(page, "access_review.made", "Access in the autumn")
    trail_has(page, "accounts.listed", "list-users --all --format csv")
    trail_has(page, "access_review.decided", "chi@", "ada@", "bo@")
    trail_has(page, "access_review.finished", "REV-3")
