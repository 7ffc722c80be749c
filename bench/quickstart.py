"""How long a quickstart over a year of 1,000 commits takes, and its two PDFs of it.

Usage: python bench/quickstart.py [RUNS]

The repository is made by git fast-import in a temporary folder.  The wall time of the whole command
includes starting Python; the PDFs are timed inside, as the program renders them, once more over
the same examination.  Budgets: 15 s for the whole, 2 s for the PDFs.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from outside import Commit, fast_import
from reperform.cli import run as quickstart_run
from reperform.report.document import Document
from reperform.report.pdf import render_pdf

COMMITS = 1_000
WHOLE_BUDGET, PDF_BUDGET = 15.0, 2.0
REVIEW = b"Change %d (#%d)\n\nBody.\n\nReviewed-by: Ben Roy <ben@example.org>\n"


def whole(repository: Path, out: Path) -> float:
    """Return the wall time of the command, in seconds."""
    began = time.perf_counter()
    subprocess.run(
        [
            *(sys.executable, "-m", "reperform", "quickstart", "--repo", str(repository)),
            *("--period", "2025-07-01..2026-06-30", "--out", str(out)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "REPERFORM_HOME": str(out.parent / "home")},
    )
    return time.perf_counter() - began


def pdfs(repository: Path, out: Path) -> float:
    """Return the wall time of rendering both PDFs, taken inside one run."""
    taken: list[float] = []

    def timed(document: Document, *, at: datetime) -> bytes:
        began = time.perf_counter()
        content = render_pdf(document, at=at)
        taken.append(time.perf_counter() - began)
        return content

    quickstart_run.render_pdf = timed  # type: ignore[attr-defined]
    sys.argv = [
        *("reperform", "quickstart", "--repo", str(repository)),
        *("--period", "2025-07-01..2026-06-30", "--out", str(out)),
    ]
    os.environ["REPERFORM_HOME"] = str(out.parent / "home")
    from reperform.cli.app import app  # noqa: PLC0415 - after the renderer was replaced

    app(sys.argv[1:], standalone_mode=False)
    return sum(taken)


def main() -> int:
    """Print medians; exit 1 when a budget is exceeded."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commits = [Commit(REVIEW % (n, n), day=364 * n / COMMITS) for n in range(COMMITS)]
        repository = fast_import(folder / "repo", commits)
        taken = [whole(repository, folder / f"out-{n}") for n in range(runs)]
        rendered = pdfs(repository, folder / "out-pdf")
    print(f"{datetime.now(UTC):%Y-%m-%d} whole: median {statistics.median(taken):.1f} s of {runs}")
    print(f"both PDFs: {rendered:.2f} s")
    return int(statistics.median(taken) > WHOLE_BUDGET or rendered > PDF_BUDGET)


if __name__ == "__main__":
    sys.exit(main())
