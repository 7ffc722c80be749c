"""What a commit's message says: subject, trailers, and references to other systems."""

import re
from typing import NamedTuple

_TRAILER = re.compile(rb"([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)")
_RECOGNIZED = (b"signed-off-by", b"(cherry picked from commit ")
_PERSON = re.compile(r"(.*?)\s*<([^<>]*)>")
_WANTED_SHARE = 4
_MOST = 500
_SEARCHED = 20_000

_MERGE_PULL = re.compile(r"Merge pull request #(\d+)")
_SQUASH_PULL = re.compile(r"\(#(\d+)\)\s*$")
_MERGE_REQUEST = re.compile(r"See merge request (\S*!\d+)")
_CHANGE_ID = re.compile(r"^Change-Id:\s*(I[0-9a-f]{8,40})\s*$", re.MULTILINE)
_REVIEWED_ON = re.compile(r"^Reviewed-on:\s*(\S+)", re.MULTILINE)
_REVISION = re.compile(r"^Differential Revision:\s*(\S+)", re.MULTILINE)
_PATCH = re.compile(
    r"^(?:Link|Message-Id|Message-ID):\s*<?(\S*(?:lore\.kernel\.org|patch\.msgid\.link|@)\S*?)>?\s*$",
    re.MULTILINE,
)
_TICKET = re.compile(
    r"(?<![A-Za-z0-9-])([A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6})(?![A-Za-z0-9-])"
    r"|(?i:\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|refs?|see|issue):?\s+((?:[\w.-]+/[\w.-]+)?#\d+))"
)
_NOT_TICKETS = ("UTF-", "SHA-", "RFC-", "CVE-", "ISO-", "MD-", "AES-", "TLS-", "GPL-", "CC-")


class Trailer(NamedTuple):
    """One trailer.  The key is lower case; name and e-mail are empty when there is no person."""

    key: str
    name: str
    email: str
    value: str


def text_of(raw: bytes, encoding: str) -> str:
    """Return bytes as text: UTF-8, else the encoding that the commit declares, else Latin-1.

    A NUL, which no database column holds, becomes U+FFFD.  Never raises.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = raw.decode(encoding or "latin-1")
        except (LookupError, UnicodeDecodeError, ValueError):
            text = raw.decode("latin-1")
    return text.replace("\x00", "\ufffd")


def trailers(message: bytes, encoding: str) -> list[Trailer]:
    """Return the trailers of a message: those of its last paragraph.

    A paragraph counts when it has only trailers, or when at least a quarter of its lines are and
    one of them is a sign-off or a cherry-pick note.  Source: git-interpret-trailers(1).
    """
    body = message.rstrip()
    if b":" not in body or b"\n\n" not in body:
        return []
    found: list[list[bytes]] = []
    others = recognized = 0
    for line in body[body.rindex(b"\n\n") + 2 :].split(b"\n"):
        match = _TRAILER.fullmatch(line)
        if match:
            found.append([match[1], match[2]])
            recognized += match[1].lower() == _RECOGNIZED[0]
        elif line[:1] in (b" ", b"\t") and found:
            found[-1][1] += b" " + line.strip()
        elif line.startswith(_RECOGNIZED[1]):
            recognized += 1
        else:
            others += 1
    is_block = not others or (recognized and len(found) * _WANTED_SHARE >= len(found) + others)
    return [_trailer(key, value, encoding) for key, value in found] if is_block else []


def _trailer(key: bytes, value: bytes, encoding: str) -> Trailer:
    text = text_of(value, encoding).strip()[:_MOST]
    person = _PERSON.match(text)
    name, email = (person[1].strip(' "'), person[2].strip().lower()) if person else ("", "")
    return Trailer(key.decode("ascii").lower(), name, email, text)


def subject_of(message: str) -> str:
    """Return the first paragraph as one line, at most 500 characters."""
    return " ".join(message.lstrip().partition("\n\n")[0].split("\n"))[:_MOST].strip()


def change_request(subject: str, message: str) -> tuple[str, str] | None:
    """Return reference and kind of the change request that a message names, or None.

    >>> change_request("Add limits (#12)", "Add limits (#12)")
    ('#12', 'pull-request')
    """
    if found := _MERGE_PULL.match(subject) or _SQUASH_PULL.search(subject):
        return f"#{found[1]}", "pull-request"
    searched = message[-_SEARCHED:]
    for pattern, kind in (
        (_MERGE_REQUEST, "merge-request"),
        (_REVIEWED_ON, "gerrit"),
        (_CHANGE_ID, "gerrit"),
        (_REVISION, "phabricator"),
        (_PATCH, "mailing-list"),
    ):
        if found := pattern.search(searched):
            return found[1][:_MOST], kind
    return None


def ticket(message: str) -> str | None:
    r"""Return the first ticket that a message names, or None.

    >>> ticket("Fix parser\n\nFixes #9, see also ABC-12 and UTF-8")
    '#9'
    """
    for found in _TICKET.finditer(message[:_SEARCHED]):
        name = found[1] or found[2]
        if not name.startswith(_NOT_TICKETS):
            return name
    return None
