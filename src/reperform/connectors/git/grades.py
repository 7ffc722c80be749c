"""Signatures: which kind an object carries, and what came of checking it."""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from reperform.connectors.answer import Kept
from reperform.connectors.git.text import text_of

_ARMOR = (
    (b"-----BEGIN PGP SIGNATURE-----", "pgp"),
    (b"-----BEGIN PGP MESSAGE-----", "pgp"),
    (b"-----BEGIN SSH SIGNATURE-----", "ssh"),
    (b"-----BEGIN SIGNED MESSAGE-----", "x509"),
)
_IN_TAG = re.compile(rb"^-----BEGIN (?:PGP|SSH|SIGNED) [A-Z]+-----$", re.MULTILINE)
# git's letters.  U is a good signature by a key that nobody vouches for: not one that was given.
_GRADES = {
    b"G": "good",
    b"U": "untrusted",
    b"B": "bad",
    b"X": "expired",
    b"Y": "expired",
    b"R": "revoked",
}
_STATUS = re.compile(
    r"^\[GNUPG:\] (GOODSIG|BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|NO_PUBKEY) ", re.MULTILINE
)
_OF_STATUS = {
    "GOODSIG": "good",
    "BADSIG": "bad",
    "EXPSIG": "expired",
    "EXPKEYSIG": "expired",
    "REVKEYSIG": "revoked",
    "NO_PUBKEY": "untrusted",
}
_GOOD_PGP = re.compile(r"^\[GNUPG:\] GOODSIG \S+ (.*)$", re.MULTILINE)
_GOOD_SSH = re.compile(r'^Good "git" signature for (.*) with \S+ key ', re.MULTILINE)
_MOST = 500


class Signature(NamedTuple):
    """What came of checking one signature.  The signer is empty unless it is good."""

    status: str
    signer: str


def kind_of(signed: bytes) -> str:
    """Return pgp, ssh, x509 or none for the text of a signature header."""
    return next((kind for begin, kind in _ARMOR if signed.startswith(begin)), "none")


def kind_in_tag(message: bytes) -> str:
    """Return the kind of signature that a tag's message ends with, as git finds it."""
    begins = [found.start() for found in _IN_TAG.finditer(message)]
    return kind_of(message[begins[-1] :]) if begins else "none"


def graded(
    kind: str, signatures: Mapping[bytes, Signature] | None, object_id: bytes
) -> tuple[str | None, str | None]:
    """Return status and signer of an object's signature; None, None when it was not checked."""
    if kind == "none" or signatures is None:
        return None, None
    found = signatures.get(object_id, Signature("unverifiable", ""))
    return found.status, found.signer or None


def commit_grades(kept: Kept | None) -> dict[bytes, Signature] | None:
    """Return what came of checking each commit; None when nothing was checked."""
    if kept is None:
        return None
    found = {}
    with kept.open() as file:
        for line in file:
            commit, grade, signer, said = (*line.rstrip(b"\n").split(b"\t", 3), b"", b"", b"")[:4]
            status = _GRADES.get(grade, "unverifiable")
            if grade == b"E" and b"No public key" in said:
                status = "untrusted"
            if grade != b"N":
                name = text_of(signer)[:_MOST] if status == "good" else ""
                found[commit] = Signature(status, name)
    return found


def tag_grades(kept: Kept | None) -> dict[bytes, Signature] | None:
    """Return what came of checking each annotated tag; None when nothing was checked."""
    if kept is None:
        return None
    with kept.open() as file:
        records = [json.loads(line) for line in file]
    return {record["id"].encode(): _of_tag(record["code"], record["said"]) for record in records}


def _of_tag(code: int, said: str) -> Signature:
    """Return what `git verify-tag --raw` amounts to."""
    # More than one verdict is nobody's: git refuses it too.
    states = _STATUS.findall(said)
    if len(states) == 1:
        status = _OF_STATUS[states[0]]
        signer = _GOOD_PGP.search(said)
        if status == "good" and (code != 0 or not signer):
            return Signature("unverifiable", "")
        return Signature(status, signer[1][:_MOST] if signer else "")
    if code == 0 and (good := _GOOD_SSH.search(said)):
        return Signature("good", good[1][:_MOST])
    if "No principal matched" in said and 'Good "git" signature' in said:
        return Signature("untrusted", "")
    return Signature("bad" if "incorrect signature" in said else "unverifiable", "")
