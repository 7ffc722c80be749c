"""The main paths of a security lead, in a real browser, on an installation that is new."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site

PASSWORD = "the heron stands in cold water"


def begin(site: Site, window: Callable[..., BrowserContext]) -> Page:
    """Return a page on which the first administrator has just made their account."""
    page = window(site).new_page()
    page.goto(site.first_link)
    page.get_by_label("Your name").fill("Ada Reyes")
    page.get_by_label("E-mail address").fill("ada@larkspur.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The password once more").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="What is ready")).to_be_visible()
    return page


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def decide_scope(page: Page) -> None:
    """Go through the seven steps of the scope."""
    page.get_by_role("link", name="Decide the scope").first.click()
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Name of the system").fill("Marigold Payroll")
    page.get_by_label("Services").fill("Computes payroll for small firms")
    page.get_by_label("Boundaries").fill("The production environment and its people.")
    go_on(page)
    page.get_by_label("Availability").check()
    go_on(page)
    page.get_by_label("Type 2: did they also operate").check()
    page.get_by_label("First day of the period").fill("2026-01-01")
    page.get_by_label("Last day").fill("2026-12-31")
    go_on(page)
    for said in page.get_by_label("Service commitments").all():
        said.fill("Payroll data is kept from others.")
    go_on(page)
    page.get_by_label("Name", exact=True).fill("Nimbus Cloud")
    page.get_by_label("What it does for you").fill("Hosts servers")
    page.get_by_label("Controls expected of it").fill("Entry is reviewed [CC6.4]")
    go_on(page)
    page.get_by_label("Complementary user entity controls").fill("Leavers are removed [CC6.2]")
    go_on(page)
    page.get_by_label("Criterion").first.select_option("CC6.4")
    page.get_by_label("Reason").first.fill("Nobody works in offices.")
    page.get_by_role("button", name="Save", exact=True).click()


def write_field(page: Page) -> None:
    page.get_by_role("link", name="Description", exact=True).click()
    fields = page.get_by_role("region", name="Fields of the description")
    fields.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("People", exact=True).fill("Six engineers and two who support customers.")
    page.get_by_role("button", name="Save", exact=True).click()


def test_from_the_first_link_to_a_task_of_the_plan(
    new_site: Site, window: Callable[..., BrowserContext]
) -> None:
    """Scope, description, a control, its gap, a task, and the search that finds it."""
    page = begin(new_site, window)

    decide_scope(page)
    expect(page.get_by_text("Marigold Payroll")).to_be_visible()
    expect(page.get_by_text("security, availability")).to_be_visible()

    write_field(page)
    expect(page.get_by_text("DC 3 People: saved.")).to_be_visible()

    page.get_by_role("link", name="Controls", exact=True).click()
    page.get_by_role("link", name="CHG-01", exact=True).click()
    page.get_by_role("link", name=re.compile("^Adopt")).first.click()
    page.get_by_role("button", name=re.compile("^Adopt")).click()
    expect(page.get_by_text("adopted").first).to_be_visible()

    page.get_by_role("link", name="Gap", exact=True).click()
    page.get_by_role("link", name="CC8.1").first.click()
    page.get_by_role("link", name="Make a task of this").click()
    page.get_by_label("What is to be done").fill("Turn on the review rule")
    page.get_by_role("button", name="Make the task").click()

    page.get_by_role("searchbox", name="Search everything").fill("review rule")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Turn on the review rule")).to_be_visible()


def test_the_first_link_works_once(new_site: Site, window: Callable[..., BrowserContext]) -> None:
    begin(new_site, window)

    other = window(new_site).new_page()
    answer = other.goto(new_site.first_link)

    assert answer is not None
    assert answer.status == 422
    expect(other.get_by_text("the link was used, withdrawn, or has expired")).to_be_visible()


def test_somebody_is_invited_joins_and_signs_in_again(
    new_site: Site, window: Callable[..., BrowserContext]
) -> None:
    page = begin(new_site, window)
    page.get_by_role("link", name="Members", exact=True).click()
    page.get_by_label("E-mail address").fill("bo@larkspur.example")
    page.get_by_label("Role").select_option("control owner")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_text("/invitation/").inner_text()

    theirs = window(new_site).new_page()
    theirs.goto(link)
    theirs.get_by_label("Your name").fill("Bo Lindqvist")
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    theirs.get_by_label("The password once more").fill(PASSWORD)
    theirs.get_by_role("button", name="Make the account").click()
    expect(theirs.get_by_text("Bo Lindqvist, control owner")).to_be_visible()

    theirs.get_by_role("button", name="Sign out").click()
    theirs.goto("/")
    theirs.get_by_label(re.compile("mail")).fill("bo@larkspur.example")
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    theirs.get_by_role("button", name="Sign in").first.click()
    expect(theirs.get_by_text("Bo Lindqvist, control owner")).to_be_visible()


def test_a_scope_is_decided_with_the_keyboard_alone(
    new_site: Site, window: Callable[..., BrowserContext]
) -> None:
    """Tab, Enter, the space bar and letters: no pointer from the overview to a saved part."""
    page = begin(new_site, window)

    def to(name: str) -> None:
        """Press Tab until what has the focus is called `name`."""
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
            )
            if (focused or "").strip().startswith(name):
                return
        pytest.fail(f"Tab never came to {name}")

    to("Skip to the content")
    page.keyboard.press("Enter")
    to("Decide the scope")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scope/")
    to("Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scope/system/")
    to("Name of the system")
    page.keyboard.type("Marigold Payroll")
    to("Save and go on")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scope/categories/")
    to("Confidentiality")
    page.keyboard.press("Space")
    to("Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scope/")

    expect(page.get_by_text("security, confidentiality")).to_be_visible()


def test_the_key_of_the_search_can_be_turned_off(
    filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """`/` goes to the field, writes itself where one writes, and stays off once it is off."""
    page = window(filled, role="administrator").new_page()
    field = page.get_by_role("searchbox", name="Search everything")
    page.goto("/o/larkspur/")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")

    page.keyboard.press("Enter")
    page.get_by_role("button", name="Turn that off").click()
    page.goto("/o/larkspur/")
    page.keyboard.press("/")
    expect(field).not_to_be_focused()


def test_a_word_is_explained_where_it_stands(
    filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """It opens by the keyboard and closes by Escape, without a script of ours."""
    page = window(filled, role="administrator").new_page()
    page.goto("/o/larkspur/scope/subservices/")
    said = page.locator("#word-carve-out")
    expect(said).to_be_hidden()

    page.get_by_role("button", name="carve-out").focus()
    page.keyboard.press("Enter")
    expect(said).to_be_visible()
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()


def test_the_search_works_without_scripts(
    filled: Site, window: Callable[..., BrowserContext]
) -> None:
    context = window(filled, role="administrator", scripts=False)
    page = context.new_page()
    page.goto("/o/larkspur/")
    page.get_by_role("searchbox", name="Search everything").fill("CC6.1")
    page.get_by_role("searchbox", name="Search everything").press("Enter")

    expect(page.get_by_role("link", name="CC6.1", exact=False).first).to_be_visible()
