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
        for spec in source.tables:
            rows = [f"| `{c.name}` | {c.type.value} | {c.meaning} |" for c in spec.columns]
            head = f"### {spec.name} ({spec.kind.value})\n"
            parts.append(
                "\n".join([head, "| column | type | meaning |", "|---|---|---|", *rows, ""])
            )
    return "\n".join(parts)


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
