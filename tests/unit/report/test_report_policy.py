"""A policy as a document: its title is its only section, and no level of headings is skipped."""

from datetime import UTC, date, datetime

import pytest

from reperform.report.document import Heading
from reperform.report.pdf import render_pdf
from reperform.report.policy import PolicyFacts, policy_document

FACTS = PolicyFacts(
    title="Access control",
    organization="Larkspur",
    version=2,
    author="ben@larkspur.example",
    approved_by="ana@larkspur.example",
    effective_on=date(2026, 1, 1),
    sha256="0" * 64,
    is_example=True,
)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# One\n\nText.\n\n# Two\n", [1, 2, 2]),
        ("### Deep first\n\n# Then high\n\n###### Deepest\n", [1, 2, 2, 3]),
        ("# a\n\n## b\n\n### c\n\n#### d\n", [1, 2, 3, 4, 4]),
        ("No heading at all.", [1]),
    ],
)
def test_no_level_of_a_heading_is_skipped(text: str, levels: list[int]) -> None:
    """Whatever the text does; and the tagged PDF of it can be made."""
    document = policy_document(FACTS, text)

    assert [each.level for each in document.blocks if isinstance(each, Heading)] == levels
    assert render_pdf(document, at=datetime(2026, 1, 1, tzinfo=UTC)).startswith(b"%PDF-")
