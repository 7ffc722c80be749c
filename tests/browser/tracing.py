"""What the registers say on the gap analysis's page of a criterion, and on a control's page."""

from playwright.sync_api import Locator, Page

HOME = "/o/larkspur/"


def criterion_says(page: Page, criterion: str, *said: str, control: str = "") -> None:
    """Each sentence, after its state and its register, is on the criterion's page: `kept Risks: `.

    Args:
        page: where it is opened.
        criterion: its id.
        said: how each sentence begins.
        control: code of the adopted control beside which they stand; empty for anywhere.
    """
    page.goto(f"{HOME}gap/{criterion}/")
    section = page.locator("section", has=page.get_by_role("heading", name=f"{control}: "))
    _says(section if control else page.locator("main"), said)


def control_says(page: Page, code: str, *said: str) -> None:
    """The same of a control's page."""
    page.goto(f"{HOME}controls/{code}/")
    _says(page.locator("main"), said)


def _says(place: Locator, said: tuple[str, ...]) -> None:
    found = [" ".join(each.split()) for each in place.locator(".traces li").all_inner_texts()]
    for sentence in said:
        assert [each for each in found if each.startswith(sentence)], (sentence, found)
