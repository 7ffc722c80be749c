"""Programs of their own in which Acme is an installed plug-in, as on a user's machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAKES = """
import json, sys
from datetime import UTC, datetime
from reperform.cli.site import open_site
open_site()
from reperform.accounts.actions.organizations import found_organization
from reperform.connectors.registry import installed
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.connection import ConnectionFields
now = datetime.now(UTC)
found = found_organization(name="Larkspur", by="test", at=now)
settings = {"account": "sales", "plan": "small"}
fields = ConnectionFields("Acme", settings, {"token": "acme-s3cret-0123456789"})
connector = installed().connectors["acme"]
make_connection(organization=found, connector=connector, fields=fields, by="test", at=now)
"""
"""Makes an organization with one connection."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and Acme installed as a plug-in beside the program."""
    installed = tmp_path / "plugins" / "acme_plugin-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-plugin\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[reperform.connectors]\nacme = acme:CONNECTOR\n")
    tests = Path(__file__).parent
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "REPERFORM_HOME": str(tmp_path / "reperform"),
        "PYTHONPATH": f"{installed.parent}:{tests}",
    }


def python(
    program: str, *arguments: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
