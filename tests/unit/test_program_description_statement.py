"""The description becomes a statement, a file and a section of a report, and loses nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from reperform.base.text_difference import Change, compare
from reperform.catalog.criteria import CRITERION_IDS, DESCRIPTION_IDS
from reperform.catalog.library import Catalog, load_catalog
from reperform.program.description import read_text
from reperform.program.description.files import description_library
from reperform.program.description.scope import field_states
from reperform.program.description.statement import statement_of, statement_yaml
from reperform.program.scope.document import Commitment, ScopeDocument
from reperform.program.statement import Adoption, Statement, parse_statement
from reperform.report.description_preview import NOTICE, description_document
from reperform.report.document import Bullets, Callout, Document, Heading, Paragraph, Table
from reperform.report.html import render_html
from reperform.report.pdf import render_pdf

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
SCOPE = ScopeDocument(
    system="Marigold Payroll",
    services=("Computes payroll", "Pays wages"),
    boundaries="Production only.",
    type=2,
    first=date(2026, 1, 1),
    last=date(2026, 6, 30),
    commitments=(Commitment("commitment", "Data is kept from others.", "security"),),
    not_applicable={"CC6.4": "There are no offices."},
)
TEXTS = {
    "dc3.people": "Roles:\n\n- Engineering\n- Support",
    "dc3.data": "Wages & <names>.\n\nKept for seven years.",
    "dc4.incidents": "There were none.",
    "dc9.changes": "Nothing changed.",
}
OWN = {
    "PAY-01": Adoption(
        "Ada Diaz",
        date(2025, 7, 1),
        {
            "title": "Payments are released by two people",
            "text": "Before a payment is released:\n\na second person reads it.",
            "criteria": ("CC5.1",),
            "nature": "preventive",
            "kind": "manual",
            "frequency": "per event",
            "evidence": (),
        },
    )
}
ADOPTED = {name: Adoption("Ada Diaz", date(2025, 7, 1)) for name in ("CHG-01", "CHG-02")}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def statement(scope: ScopeDocument = SCOPE, texts: dict[str, str] | None = None) -> Statement:
    states = field_states(description_library().fields, texts or TEXTS, scope)
    return statement_of(
        states, scope=scope, organization="Marigold, Inc.", adopted=ADOPTED, own=OWN
    )


def parsed(text: str) -> Statement:
    return parse_statement(
        text,
        where="statement.yaml",
        controls=tuple(ADOPTED),
        criteria=CRITERION_IDS,
        description=DESCRIPTION_IDS,
    )


def document(catalog: Catalog, scope: ScopeDocument = SCOPE) -> Document:
    return description_document(
        field_states(description_library().fields, TEXTS, scope),
        scope=scope,
        organization="Marigold, Inc.",
        is_example=False,
        description_criteria=catalog.description_criteria,
        criteria=catalog.criteria,
        at=AT,
    )


def test_the_file_is_what_quickstart_reads() -> None:
    """Written out and read again it is the same statement: nothing is lost on the way."""
    assert parsed(statement_yaml(statement())) == statement()


def test_the_file_reads_like_one_that_a_person_wrote() -> None:
    """Texts of several lines stand as such, days as days, and there is no alias."""
    text = statement_yaml(statement())

    assert "  DC3: |-\n" in text
    assert "    adopted_on: 2025-07-01\n" in text
    assert "&id" not in text


@given(st.text(max_size=300), st.text(min_size=1, max_size=60))
def test_any_text_that_could_be_saved_comes_through_the_file(text: str, name: str) -> None:
    """Every character, quote and line break of it."""
    saved, problems = read_text(text, where="")
    if problems or not name.isprintable() or not name.strip():
        return
    said = statement(replace(SCOPE, system=name.strip()), {"dc4.incidents": saved})

    assert parsed(statement_yaml(said)) == replace(
        said, description={key: value.strip() for key, value in said.description.items()}
    )


def test_a_field_that_is_missing_beside_others_is_said_to_be() -> None:
    """A report that was made from the file never hides it."""
    said = statement().description["DC3"]

    assert "People:\n\nRoles:\n\n- Engineering\n- Support" in said
    assert said.startswith("Infrastructure:\n\n(not written yet)")


def test_a_criterion_of_which_nothing_is_written_is_left_out() -> None:
    """The report then has its own mark for it."""
    assert "DC6" not in statement().description
    assert "DC9" not in statement(replace(SCOPE, type=1, first=None)).description


def test_the_preview_is_the_section_of_the_report(catalog: Catalog) -> None:
    """Headings DC 1 to 9, paragraphs, lists, the table of DC 8, and marks for what is missing."""
    made = document(catalog)
    blocks = made.blocks
    missing = [block for block in blocks if isinstance(block, Callout) and block.title == "Missing"]

    assert [b.text[:3] for b in blocks if isinstance(b, Heading)][1:] == list(DESCRIPTION_IDS)
    assert any(isinstance(b, Bullets) and b.items[0][0].text == "Engineering" for b in blocks)
    assert any(isinstance(b, Paragraph) and b.leads and b.runs[0].bold for b in blocks)
    assert any(isinstance(b, Table) and b.rows[0].cells[0][0][0].text == "CC6.4" for b in blocks)
    assert len(missing) == 6
    assert missing[0].lines[0][0].text == "Not written yet: The company; Users of the services."


def test_a_type_1_has_eight_parts(catalog: Catalog) -> None:
    """DC 9 is for a period."""
    made = document(catalog, replace(SCOPE, type=1, first=None))

    assert not any(isinstance(b, Heading) and b.text.startswith("DC9") for b in made.blocks)


def test_every_page_of_the_draft_says_so(catalog: Catalog) -> None:
    """PDF and HTML carry the notice, and user text is text."""
    made = document(catalog)
    html = render_html(made).decode("utf-8")

    assert NOTICE in html
    assert "Wages &amp; &lt;names&gt;." in html
    pages = PdfReader(BytesIO(render_pdf(made, at=AT))).pages
    assert len(pages) > 2
    assert all(NOTICE in page.extract_text() for page in pages)


def test_an_empty_scope_can_be_previewed(catalog: Catalog) -> None:
    """The first visit to the page."""
    made = document(catalog, ScopeDocument())

    assert made.subtitle == "[system not named], [period not decided]"


def test_a_difference_is_read_word_by_word() -> None:
    """Lines that were kept, changed, added and removed."""
    lines = compare("one\ntwo is here\nthree", "one\ntwo was here\nfour\nthree")
    said = [(piece.change.value, piece.text) for line in lines for piece in line]

    assert said == [
        ("same", "one"),
        ("removed", "two is here"),
        ("added", "two was here"),
        ("added", "four"),
        ("same", "three"),
    ]
    assert [piece.change for piece in compare("two is here", "two was here")[0]] == [
        Change.SAME,
        Change.REMOVED,
        Change.ADDED,
        Change.SAME,
    ]


@given(st.text(alphabet="ab \n", max_size=80), st.text(alphabet="ab \n", max_size=80))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    """What is same or added is the new text; what is same or removed is the old one."""
    lines = compare(before, after)

    def without(change: Change) -> list[str]:
        kept = [
            "".join(piece.text for piece in line if piece.change is not change)
            for line in lines
            if any(piece.change is not change for piece in line)
        ]
        return sorted(kept)

    assert without(Change.REMOVED) == sorted(after.splitlines())
    assert without(Change.ADDED) == sorted(before.splitlines())
