"""The example of docs/spec/ledger.md is what the ledger writes."""

import base64
import hashlib
import json
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.ledger.log import Log
from reperform.ledger.statement import Statement, seal_statement

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NAME = "example.com/ledger"
SPEC = Path(__file__).parents[2] / "docs" / "spec" / "ledger.md"


def test_the_example_is_what_the_ledger_writes(tmp_path: Path) -> None:
    """Checkpoint, verifier key, first entry and its payload, character by character."""
    entries = [
        seal_statement(
            Statement(
                kind="urn:reperform:collection-started:v1",
                predicate={"stream": "git/history", "sequence": sequence},
                subjects={"stream": hashlib.sha256(b"git/history").hexdigest()},
            ),
            name=NAME,
            key=KEY,
        )
        for sequence in (1, 2)
    ]
    with Log(tmp_path, origin=NAME, key_name=NAME, key=KEY) as log:
        for entry in entries:
            log.append(entry)
        log.checkpoint()
        key = str(log.verifier)

    examples = re.findall(r"^```\n(.*?)^```$", SPEC.read_text("utf-8"), re.MULTILINE | re.DOTALL)

    assert examples[:4] == [
        (tmp_path / "checkpoint").read_text("utf-8"),
        f"{key}\n",
        f"{entries[0].decode()}\n",
        base64.b64decode(json.loads(entries[0])["payload"]).decode() + "\n",
    ]
