"""The glossary is read by pages, so it must stay readable."""

from pathlib import Path

from reperform.catalog.glossary import explained, glossary

ROOT = Path(__file__).parents[2]


def test_every_paragraph_of_the_glossary_is_a_term() -> None:
    """A paragraph that is written another way would be missing on the pages without a word."""
    paragraphs = (ROOT / "GLOSSARY.md").read_text("utf-8").strip().split("\n\n")[2:]

    assert len(glossary()) == len(paragraphs)
    assert len({term.anchor for term in glossary()}) == len(paragraphs)


def test_a_word_is_found_by_each_of_its_names_whatever_their_capitals() -> None:
    carve_out = explained("inclusive", glossary())

    assert carve_out is not None
    assert carve_out.name == "Carve-out"
    assert explained("no such word", glossary()) is None


def test_every_word_that_a_page_explains_is_in_the_glossary() -> None:
    """`{% term "..." %}` of every template; otherwise the page would break."""
    templates = ROOT / "src/reperform/web/templates"
    used = [
        piece.split('"')[1]
        for path in templates.rglob("*.html")
        for piece in path.read_text("utf-8").split("{% term ")[1:]
    ]

    assert used
    assert [word for word in used if explained(word, glossary()) is None] == []
