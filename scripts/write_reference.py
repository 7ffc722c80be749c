"""Write docs/reference from the program itself, so that it cannot lie.

Usage: python scripts/write_reference.py
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from api_reference import page_of
from django.conf import settings

from reperform.base.table import TableSpec
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.evidence.sources import SOURCES

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
COMMANDS = (
    "reperform",
    "reperform quickstart",
    "reperform verify",
    "reperform start",
    "reperform serve",
    "reperform demo",
    "reperform export",
    "reperform plan",
    "reperform apply",
    "reperform catalog check",
    "reperform catalog load",
    "reperform catalog unload",
    "reperform organization add",
    "reperform organization list",
    "reperform readiness record",
    "reperform organization open",
    "reperform member link",
    "reperform oscal export",
    "reperform oscal drafts",
    "reperform oscal show",
    "reperform ledger verify",
)


def help_of(command: str) -> str:
    """Return what a command prints for --help, 100 columns wide."""
    done = subprocess.run(
        [sys.executable, "-m", "reperform", *command.split()[1:], "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERMINAL_WIDTH": "100"},
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def commands() -> str:
    """Return the page of commands."""
    parts = ["# Commands\n\nWritten by scripts/write_reference.py; a test holds it true.\n"]
    parts += [f"## {command}\n\n```text\n{help_of(command)}\n```\n" for command in COMMANDS]
    return "\n".join(parts)


def tables() -> str:
    """Return the page of tables that evidence is shaped into."""
    parts = ["# Tables\n\nWritten by scripts/write_reference.py; a test holds it true.\n"]
    for source in SOURCES.values():
        parts.append(f"## {source.stream}\n\nCannot see: {source.blind}.\n")
        shared = [spec.name for spec in source.tables if spec.name in POPULATIONS]
        parts += [f"Fills, of the populations below: {', '.join(shared)}.\n"] if shared else []
        parts += [table(spec) for spec in source.tables if spec.name not in POPULATIONS]
    parts.append(
        "## Populations\n\nThe lists that auditors ask for, each filled by any source that knows "
        "it. Where a column\nor a row means what the Open Cybersecurity Schema Framework (1.x) "
        "has a name for, the name\nstands in the last column or the heading.\n"
    )
    parts += [table(spec) for spec in POPULATIONS.values()]
    return "\n".join(parts)


def table(spec: TableSpec) -> str:
    """Return one table with its columns."""
    said = f", OCSF {spec.ocsf}" if spec.ocsf else ""
    named = spec.name in POPULATIONS
    lines = [
        f"### {spec.name} ({spec.kind.value}{said})\n",
        "| column | type | meaning |" + (" OCSF |" if named else ""),
        "|---|---|---|" + ("---|" if named else ""),
    ]
    for c in spec.columns:
        ocsf = (f" `{c.ocsf}` |" if c.ocsf else " |") if named else ""
        lines.append(f"| `{c.name}` | {c.type.value} | {c.meaning} |{ocsf}")
    return "\n".join([*lines, ""])


def api() -> str:
    """Return the page of the API."""
    if not settings.configured:
        # The description needs no installation, and must not make one.
        os.environ["REPERFORM_HOME"] = tempfile.mkdtemp(prefix="reperform-reference-")
        os.environ["DJANGO_SETTINGS_MODULE"] = "reperform.server.settings"
        django.setup()
    from reperform.api.not_offered import ACTIONS, PAGES  # noqa: PLC0415 - after the settings
    from reperform.api.site import api as described  # noqa: PLC0415 - as above

    schema = json.loads(json.dumps(described.get_openapi_schema()))
    return page_of(schema, not_offered={**PAGES, **ACTIONS})


if __name__ == "__main__":
    REFERENCE.mkdir(parents=True, exist_ok=True)
    (REFERENCE / "commands.md").write_text(commands(), "utf-8")
    (REFERENCE / "tables.md").write_text(tables(), "utf-8")
    (REFERENCE / "api.md").write_text(api(), "utf-8")
