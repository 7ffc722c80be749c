"""The drafts of an examination, as files: the report, and the gap report of management."""

from datetime import datetime
from pathlib import Path

from reperform.audit.examination import Examination, Seal
from reperform.evidence.blobs import write_durably
from reperform.report.html import render_html
from reperform.report.pdf import render_pdf
from reperform.report.readiness import readiness_document
from reperform.report.soc2 import soc2_document


def write_reports(folder: Path, examination: Examination, seal: Seal, *, at: datetime) -> None:
    """Write report and gap report, each as PDF and HTML, into a folder.

    Args:
        folder: where.
        examination: what they say.
        seal: the checkpoint that covers what they rest on.
        at: when they are rendered.
    """
    for name, document in (
        ("report", soc2_document(examination, seal)),
        ("gap", readiness_document(examination, seal)),
    ):
        write_durably(folder / f"{name}.pdf", render_pdf(document, at=at))
        write_durably(folder / f"{name}.html", render_html(document))
