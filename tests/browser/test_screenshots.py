"""The pictures in the documents are made here, of pages as they are.

`REPERFORM_WRITE_SCREENSHOTS=1 ./test tests/browser/test_screenshots.py` writes them anew.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from browser.conftest import PHONE
from browser.serving import Site

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
SIZE = (1280, 800)
LARGEST = 90_000
"""Bytes of a picture: a reader of the documents waits for each."""
_COLORS = 64

PICTURES = {
    "first-link.png": ("", "{invitation}", SIZE, "light"),
    "overview.png": ("compliance manager", "/o/larkspur/", SIZE, "light"),
    "overview-dark.png": ("compliance manager", "/o/larkspur/", SIZE, "dark"),
    "overview-phone.png": ("compliance manager", "/o/larkspur/", PHONE, "light"),
    "scope.png": ("compliance manager", "/o/larkspur/scope/subservices/", SIZE, "light"),
    "description.png": (
        "compliance manager", "/o/larkspur/description/dc3.people/", SIZE, "light",
    ),
    "controls.png": ("compliance manager", "/o/larkspur/controls/", SIZE, "light"),
    "control.png": ("compliance manager", "/o/larkspur/controls/CHG-01/", SIZE, "light"),
    "criteria.png": ("compliance manager", "/o/larkspur/criteria/", SIZE, "light"),
    "gap.png": ("compliance manager", "/o/larkspur/gap/", SIZE, "light"),
    "plan.png": ("compliance manager", "/o/larkspur/plan/", SIZE, "light"),
    "search.png": (
        "compliance manager", "/o/larkspur/search/?q=access+review", SIZE, "light",
    ),
}  # fmt: skip
"""File -> who looks, at which page, in which window, in which colors."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_made_of_its_page(
    name: str, filled: Site, window: Callable[..., BrowserContext]
) -> None:
    """Each shows a page that is there; it is written when that was asked for."""
    role, path, size, scheme = PICTURES[name]
    page = window(filled, role=role, size=size, scheme=scheme).new_page()

    answer = page.goto(path.format(**filled.filled))

    assert answer is not None
    assert answer.ok
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if os.environ.get("REPERFORM_WRITE_SCREENSHOTS") == "1":
        taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        small = taken.quantize(_COLORS, dither=Image.Dither.NONE)
        small.save(IMAGES / name, optimize=True)


def named_in_documents() -> set[str]:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {
        found
        for path in documents
        for found in re.findall(r"!\[[^\]]+\]\([^)]*images/([\w.-]+)\)", path.read_text("utf-8"))
    }


def test_documents_show_every_picture_and_no_other() -> None:
    """With words for who does not see it; and none that nobody makes anew."""
    assert named_in_documents() == set(PICTURES)
    assert {path.name for path in IMAGES.iterdir()} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_it_says_and_small(name: str) -> None:
    path = IMAGES / name
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.size == PICTURES[name][2]
    assert path.stat().st_size < LARGEST
