"""Every page in a real browser: accessible, light, steady, and usable by keyboard and on a phone.

The walk follows links from the overview, so a page that is added is judged without anybody
naming it here; a page that no link leads to is a finding as well.
"""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page

from browser import judging
from browser.conftest import DESKTOP, PHONE
from browser.filling_states import DRAFT, SUBMITTED, TAILORED
from browser.serving import Site
from browser.walking import LINKS, Walk, patterns

HOME = "/o/larkspur/"
CONTROLS = [f"{HOME}controls/{id_}/" for id_ in ("AC-01", "AC-02", TAILORED)]
"""One that is in force, one that nobody adopted, one in own words: one page, with other links."""
CONNECTIONS = [f"{HOME}connections/1/", f"{HOME}connections/3/"]
"""One that is asked by itself and one whose files people bring: as above."""
STATES = [
    f"{HOME}{path}"
    for path in (
        "people/1/",
        "people/6/",
        "vendors/1/",
        "access-reviews/1/",
        "results/tests/AC-01.T1/",
        "waivers/1/",
        "waivers/4/",
        "waivers/12/",
        "waivers/33/",
        "notices/webhooks/1/",
        f"policies/{DRAFT}/",
        f"policies/{SUBMITTED}/",
        "access-reviews/2/",
        "access-reviews/accounts/1/",
        "calendar/entries/1/",
    )
]
"""Rows in a state that leads to pages which others of their kind do not lead to."""
NOT_LINKED = {
    "invitation_renew": "leads to the members, unless a form is sent",
    "sso_link": "leads to the page that asks for it, unless a form is sent",
    "invitation": "is sent to somebody; judged by itself below",
    "access_review_keep": "takes a form and has no page of its own",
    "person_checklist": "as above",
    "vendor_report_scope": "as above",
    "sso": "is before the door; judged below",
    "sso_organization": "is before the door, for who types its name",
    "session_end": "ends a session of one's own elsewhere, for who has one",
    "second_factor_needed": "is where an organization sends those who lack one",
}
"""Pages that no link of an administrator leads to, each with the reason."""


def is_page(answer: APIResponse) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def judge(page: Page, *, phone: bool, frames: set[str] | None = None) -> list[str]:
    """Return every complaint about the page that is open.

    A phone shows the same page in the same colors: there only what a width changes is judged.
    What is around the content is tried by keyboard once for all pages that share `frames`.
    """
    said = [*judging.steady(page), *judging.light(page)[2]]
    if phone:
        return [*said, *judging.accessible(page, rules=judging.LAYOUT), *judging.narrow(page)]
    said += judging.accessible(page)
    page.emulate_media(color_scheme="dark")
    said += [f"dark: {each}" for each in judging.accessible(page, rules=judging.COLORS)]
    page.emulate_media(color_scheme="light")
    around, known = judging.frame(page), set() if frames is None else frames
    is_known = bool(around) and around in known
    known.add(around)
    return said + judging.by_keyboard(page, skip=is_known)


def walk_from(paths: Sequence[str], context: BrowserContext, origin: str) -> tuple[Walk, list[str]]:
    """Follow links from `paths`; return where that led, and every complaint."""
    listener = judging.Listener(context, origin)
    page = context.new_page()
    size = page.viewport_size
    walk, wrong, frames = Walk(origin), [], set[str]()
    walk.waiting.extend(paths)
    while walk.waiting:
        path = walk.waiting.pop(0)
        if not is_page(context.request.head(path)):
            continue
        answer = page.goto(path)
        complaints = [] if answer and answer.ok else [f"answered {answer and answer.status}"]
        for link in page.evaluate(LINKS):
            walk.found(link)
        is_phone = bool(size and size["width"] == PHONE[0])
        complaints += [*judge(page, phone=is_phone, frames=frames)]
        complaints += listener.complaints(page)
        wrong += [f"{path}: {each}" for each in complaints]
    return walk, wrong


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_can_be_used_by_everybody(
    size: tuple[int, int], filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """No page breaks WCAG 2.2 AA, its budget, or the keyboard; none asks another origin."""
    context = window(filled, role="administrator", size=size)

    walk, wrong = walk_from([HOME, *CONTROLS, *CONNECTIONS, *STATES], context, filled.url)

    assert not wrong, "\n".join(wrong)
    assert walk.seen >= {"overview", "scope_edit", "examination_test"}
    assert set(patterns()) - walk.seen - set(NOT_LINKED) == set(), "no link leads there"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("role", ["", "employee"])
def test_who_is_outside_or_may_little_finds_pages_as_good(
    role: str, size: tuple[int, int], filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """The entrance, an invitation, what is forbidden and what does not exist."""
    context = window(filled, role=role, size=size)
    listener = judging.Listener(context, filled.url)
    page = context.new_page()
    wrong = []
    for path in (filled.filled["invitation"], "/", "/sso/", "/o/larkspur/scope/", "/none/"):
        page.goto(path)
        is_phone = size is PHONE
        found = [*judge(page, phone=is_phone), *listener.complaints(page)]
        wrong += [f"{path}: {each}" for each in found]

    assert not wrong, "\n".join(wrong)


def test_a_page_that_is_bad_is_found(filled: Site, window: Callable[..., BrowserContext]) -> None:
    """A check that cannot fail would be worth nothing: each is given what it is there for."""
    context = window(filled, role="administrator", size=PHONE)
    listener = judging.Listener(context, filled.url)
    page = context.new_page()
    page.goto("/o/larkspur/")
    page.evaluate(
        """() => {
          const main = document.querySelector('main'), make = (html) =>
            main.insertAdjacentHTML('afterbegin', html);
          make('<img src="/static/web/icon.svg" width="900" height="40">');
          make('<a href="#x" id="x" tabindex="0">here</a><a href="#y" tabindex="5">there</a>');
          const style = new CSSStyleSheet();
          style.replaceSync('#x { outline: none !important } .lead { color: #ddd !important }');
          document.adoptedStyleSheets = [style];
          const script = document.createElement('script');
          script.src = 'https://elsewhere.example/a.js';
          document.head.append(script);
        }"""
    )
    page.wait_for_function("window.shift > 0 && window.complaints.length > 0")

    found = "\n".join(
        [
            *judging.steady(page),
            *judging.accessible(page),
            *judging.narrow(page),
            *judging.by_keyboard(page),
            *listener.complaints(page),
        ]
    )

    for expected in (
        "layout shift of",
        "axe image-alt",
        "axe color-contrast",
        "px wide in a window of 390",
        "no visible focus",
        "blocked by the policy",
    ):
        assert expected in found, expected
