"""Signed notes: what Go's implementation accepts and refuses, and more that is hostile."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.note import NoteRefusedError, Verifier, parse_note, sign_note

# Values of golang.org/x/mod/sumdb/note, note_test.go.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_SIGNED = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_SIGNED = (
    "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ov"
    "TG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
PETER_BROKEN = PETER_SIGNED.replace("ElZInNI", "ElZIABCDnNI")
NOTE = f"{TEXT}\n{PETER_SIGNED}"


def test_signing_gives_go_s_bytes() -> None:
    """The same key, name and text give the same note as Go's."""
    key = Ed25519PrivateKey.from_private_bytes(PETER_SEED)

    assert sign_note(TEXT, name="PeterNeumann", key=key) == NOTE.encode()
    assert str(Verifier("PeterNeumann", key.public_key().public_bytes_raw())) == PETER


@pytest.mark.parametrize(
    ("signatures", "by_peter", "by_enoch"),
    [
        (PETER_SIGNED, True, False),
        (PETER_SIGNED + ENOCH_SIGNED, True, True),
        (ENOCH_SIGNED, False, True),
        (PETER_BROKEN, False, False),
        (PETER_SIGNED + PETER_BROKEN, False, False),
        (PETER_BROKEN + PETER_SIGNED + ENOCH_SIGNED, False, True),
    ],
)
def test_a_note_is_signed_by_those_whose_every_signature_is_good(
    signatures: str, *, by_peter: bool, by_enoch: bool
) -> None:
    """Unknown keys are passed over; one bad signature of a known key spoils the good one."""
    note = parse_note(f"{TEXT}\n{signatures}".encode())

    assert note.text == TEXT
    assert note.signed_by(Verifier.parse(PETER)) is by_peter
    assert note.signed_by(Verifier.parse(ENOCH)) is by_enoch


def test_a_cosignature_of_an_unknown_kind_is_passed_over() -> None:
    """A witness's line (C2SP tlog-cosignature: time and signature) does not disturb."""
    cosigned = base64.b64encode(b"\x01\x02\x03\x04" + bytes(8) + bytes(64)).decode()

    note = parse_note(f"{NOTE}\u2014 witness.example/w1 {cosigned}\n".encode())

    assert note.signed_by(Verifier.parse(PETER))
    assert [line.name for line in note.signatures] == ["PeterNeumann", "witness.example/w1"]


def test_a_key_of_the_same_name_is_another_key() -> None:
    """Name and hash together say whose signature it is."""
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    both = sign_note(TEXT, name="PeterNeumann", key=other).decode() + PETER_SIGNED

    assert parse_note(both.encode()).signed_by(Verifier.parse(PETER))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (TEXT, "no signature stands below it"),
        (f"{TEXT}\n", "no signature stands below it"),
        (NOTE[:-1], "no signature stands below it"),
        (f"\x01{NOTE}", "control characters"),
        (NOTE.replace("problem,\n", "problem,\r\n"), "control characters"),
        (NOTE.replace("PeterNeumann ", "Bad Name "), "is not a signature"),
        (NOTE.replace("PeterNeumann ", "Bad\u2003Name "), "is not a signature"),
        (NOTE.replace("PeterNeumann ", "Bad+Name "), "is not a signature"),
        (f"{NOTE}Unexpected line.\n", "is not a signature"),
        (f"{TEXT}\n\u2014 PeterNeumann \n", "is not a signature"),
        (f"{TEXT}\n\u2014 PeterNeumann x08gow==\n", "is not a signature"),
        (NOTE.replace("x08go/ZJ", "x08go_ZJ"), "is not a signature"),
        (NOTE.replace("wJnAM=", "wJnAN="), "is not a signature"),
        (f"{TEXT}\n{PETER_SIGNED * 101}", "more than 100 signatures"),
        ("x" * 1_000_001, "more than 1,000,000"),
    ],
)
def test_what_is_not_a_note_is_refused(content: str, says: str) -> None:
    """Go's refusals, other kinds of space, and a second base64 text for the same bytes."""
    with pytest.raises(NoteRefusedError, match=says):
        parse_note(content.encode())


def test_bytes_that_are_not_utf8_are_refused() -> None:
    """A reader that replaces them would sign for another text."""
    with pytest.raises(NoteRefusedError, match="not UTF-8"):
        parse_note(b"\xff" + NOTE.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("PeterNeumann", "Peter"),
        PETER.replace("PeterNeumann", ""),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER + "\u202e",
        "\x1b[2J",
    ],
)
def test_what_is_not_a_verifier_key_is_refused(text: str) -> None:
    """A wrong hash, another length or algorithm, a name missing; and the text is safe to show."""
    with pytest.raises(NoteRefusedError, match="is not a verifier key") as refusal:
        Verifier.parse(text)

    assert str(refusal.value).isprintable() or "\n" in str(refusal.value)
    assert "\x1b" not in str(refusal.value)
    assert "\u202e" not in str(refusal.value)


@pytest.mark.parametrize(
    "public",
    [
        "00" * 32,
        "01" + "00" * 31,
        "01" + "00" * 30 + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "ff",
    ],
)
def test_a_key_for_which_anybody_can_sign_is_refused(public: str) -> None:
    """Points of small order, also written in their second way: a log could be denied later."""
    with pytest.raises(NoteRefusedError, match="is not a verifier key"):
        Verifier.parse(str(Verifier("log", bytes.fromhex(public))))


def test_a_verifier_key_comes_back_from_its_text() -> None:
    """With the line break that a file has at its end."""
    assert str(Verifier.parse(f"{ENOCH}\n")) == ENOCH


@pytest.mark.parametrize(
    ("text", "name"), [("no line break", "n"), ("a\tb\n", "n"), ("a\n", "n n")]
)
def test_what_could_not_be_read_back_is_not_signed(text: str, name: str) -> None:
    """No line break at the end, a control character, a name with a blank."""
    with pytest.raises(ValueError, match="cannot sign"):
        sign_note(text, name=name, key=Ed25519PrivateKey.from_private_bytes(bytes(32)))


@settings(deadline=None)
@given(st.data())
def test_any_changed_byte_is_refused_or_unsigned(data: st.DataObject) -> None:
    """Wherever a byte is changed, the note is not Peter's any more."""
    content = bytearray(NOTE.encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))

    try:
        is_signed = parse_note(bytes(content)).signed_by(Verifier.parse(PETER))
    except NoteRefusedError:
        is_signed = False

    assert not is_signed


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{text}\n\n{text}".encode())
)
def test_anything_is_a_note_or_a_refusal(content: bytes) -> None:
    """Whatever bytes come, no other error comes out."""
    try:
        note = parse_note(content)
    except NoteRefusedError:
        return
    assert note.signatures
