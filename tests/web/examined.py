"""A folder as a quickstart writes it, small, for tests of pages."""

import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb

OUTPUTS = ("report.pdf", "report.html", "gap.pdf", "gap.html")


def results(*, exceptions: int = 2) -> dict[str, Any]:
    return {
        "format": "reperform-results/1",
        "scope": {
            "type": 2,
            "period": {"first": "2025-08-01", "last": "2026-07-31"},
            "categories": ["security"],
        },
        "organization": None,
        "system": None,
        "collections": [
            {"stream": "host/firewall", "outcome": "refused", "reason": "needs root", "target": "/"}
        ],
        "tables": [
            {
                "name": "git.tags",
                "kind": "events",
                "rows": 1,
                "sha256": "2" * 64,
                "covered_days": 364,
                "gaps": [
                    {"first": "2026-07-31", "last": "2026-07-31", "reason": "the day was not over"}
                ],
            }
        ],
        "tests": [
            {
                "id": "CHG-01.T1",
                "control": "CHG-01",
                "title": "Each change was reviewed by another",
                "nature": "inspection",
                "conclusion": "exceptions noted",
                "population": 40,
                "passed": 40 - exceptions,
                "deviations": exceptions,
                "exceptions": [
                    {"item": f"c{n}", "outcome": "deviation", "reason": "no <b>review</b>"}
                    for n in range(exceptions)
                ],
                "gaps": [],
                "inputs": {"git.commits": "0" * 64},
                "parameters": {"period_first": "2025-08-01"},
                "reason": "2 of 40 items deviate",
                "sha256": "1" * 64,
            }
        ],
        "controls": [
            {
                "id": "CHG-01",
                "title": "Review",
                "criteria": ["CC8.1"],
                "designed": "partly",
                "implemented": "yes",
                "evidenced": "yes",
                "operated": "no",
                "reasons": ["proposed by the library"],
                "steps": ["Adopt it."],
                "tests": ["CHG-01.T1"],
            }
        ],
        "criteria": [{"id": "CC8.1", "status": "partly met", "controls": ["CHG-01"]}],
        "description": [],
    }


def write_outputs(folder: Path, said: dict[str, Any] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in OUTPUTS:
        (folder / name).write_bytes(f"{name} <script>alert(1)</script>".encode())
    write_small_bundle(folder / "bundle.zip")
    (folder / "results.json").write_text(json.dumps(said or results()), "utf-8")
    return folder


def write_small_bundle(path: Path) -> None:
    """Write a zip file that has one table, as a bundle does."""
    table = path.with_suffix(".parquet")
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT 'v1' AS tag) TO '{table}' (FORMAT parquet)")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(table, "evidence/tables/git.tags.parquet")
    table.unlink()
