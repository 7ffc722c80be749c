"""Checkpoints: C2SP tlog-checkpoint, read strictly."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.checkpoint import Checkpoint, parse_checkpoint
from reperform.ledger.note import NoteRefusedError, sign_note

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
# The example of the specification.
TEXT = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"


def signed(text: str) -> bytes:
    return sign_note(text, name="example.com/behind-the-sofa", key=KEY)


def test_the_example_of_the_specification_is_read_and_written() -> None:
    """Origin, size and root come out; the same text goes in again."""
    checkpoint, note = parse_checkpoint(signed(TEXT))

    assert checkpoint == Checkpoint(
        "example.com/behind-the-sofa", 20_852_163, base64.b64decode(ROOT)
    )
    assert checkpoint.text == note.text == TEXT


def test_extension_lines_are_passed_over() -> None:
    """They are opaque; the three lines before them count."""
    checkpoint, note = parse_checkpoint(signed(f"{TEXT}extension\n"))

    assert checkpoint.text == TEXT
    assert note.text == f"{TEXT}extension\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("example.com\n5\n", "not name, size and root"),
        (f"\n5\n{ROOT}\n", "not name, size and root"),
        (f"example.com\n05\n{ROOT}\n", "not name, size and root"),
        (f"example.com\n-5\n{ROOT}\n", "not name, size and root"),
        (f"example.com\n+5\n{ROOT}\n", "not name, size and root"),
        (f"example.com\n5 \n{ROOT}\n", "not name, size and root"),
        (f"example.com\n\u0665\n{ROOT}\n", "not name, size and root"),
        (f"example.com\n{'9' * 20}\n{ROOT}\n", "not name, size and root"),
        (f"{TEXT}\nafter an empty line\n", "not name, size and root"),
        (f"example.com\n5\n{ROOT[:-1]}\n", "its root: it is not base64"),
        (f"example.com\n5\n{ROOT[:-2]}J=\n", "its root: it is not the one base64 text"),
        ("example.com\n5\nAAAA\n", "its root has 3 bytes, not 32"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str, says: str) -> None:
    """Missing or empty lines, sizes written another way, roots that are no SHA-256."""
    with pytest.raises(NoteRefusedError, match=says):
        parse_checkpoint(signed(text))


@settings(deadline=None)
@given(
    origin=st.from_regex(r"[a-z]{1,20}(\.[a-z]{1,10})?/[0-9a-f]{4}", fullmatch=True),
    size=st.integers(0, 10**18),
    root=st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_comes_back_as_it_was(origin: str, size: int, root: bytes) -> None:
    """Name, size and root survive writing, signing and reading."""
    checkpoint = Checkpoint(origin, size, root)

    assert parse_checkpoint(signed(checkpoint.text))[0] == checkpoint
