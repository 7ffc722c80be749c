"""What every page has in common: one title, one heading, one way back."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "src/reperform/web/templates/web"
PAGES = sorted(
    path for path in TEMPLATES.rglob("*.html") if '{% extends "web/' in path.read_text("utf-8")
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_page_has_a_title_and_says_the_way_back_alike(path: Path) -> None:
    """A trail of links is a landmark with a name, and has one kind of separator."""
    text = path.read_text("utf-8")
    trails = re.findall(r'<(\w+) class="trail"([^>]*)>(.*)', text)

    if "{% block content %}{% endblock %}" not in text and "scope/base" not in text:
        assert "{% block title %}" in text
    for tag, attributes, said in trails:
        assert (tag, attributes) == ("nav", ' aria-label="Breadcrumb"')
        assert not set(said) & set(
            "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}\N{RIGHTWARDS ARROW}"
        )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_nothing_is_styled_or_scripted_in_the_page_itself(path: Path) -> None:
    """The policy forbids it, so it would silently do nothing."""
    text = path.read_text("utf-8")

    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)
