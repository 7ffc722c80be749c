"""What a commit's message says: its subject, and references to other systems."""

import re

_MOST = 500
_SEARCHED = 20_000
_LINE_SEARCHED = 4_000

_SUBJECT_ENDS = re.compile(r"\n[ \t\r]*(?:\n|\Z)")
_PULL = re.compile(r"Merge pull request #(\d+)")
_OTHER_PULL = re.compile(r"Merged PR (\d+):|Merged in .*\(pull request #(\d+)\)")
_SQUASHED = re.compile(r"\(#(\d+)\)\Z")
_MERGE_REQUEST = re.compile(r"^See merge request (\S*!\d+)", re.MULTILINE)
_CHANGE_ID = re.compile(r"^Change-Id:[ \t]*(I[0-9a-f]{8,40})[ \t]*$", re.MULTILINE)
_REVIEWED_ON = re.compile(r"^Reviewed-on:[ \t]*(\S+)", re.MULTILINE)
_HOSTED = re.compile(r"https?://\S*/pulls?/(\d+)/?\Z")
_REVISION = re.compile(r"^Differential Revision:[ \t]*(\S+)", re.MULTILINE)
_PATCH = re.compile(
    r"^(?:Link:[ \t]*(https?://(?:lore\.kernel\.org|patch\.msgid\.link)/\S+)"
    r"|Message-I[dD]:[ \t]*<?([^\s<>]+@[^\s<>]+)>?[ \t]*$)",
    re.MULTILINE,
)

_KEY_NUMBER = re.compile(r"-[1-9]\d{0,6}(?![A-Za-z0-9-])")
_KEY = re.compile(r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9]{1,9}\Z")
_NUMBER = re.compile(r"#\d{1,9}(?!\w)")
_ELSEWHERE = re.compile(r"[\w.-]+/[\w.-]+")
_WORDS = frozenset(
    (
        "fix",
        "fixes",
        "fixed",
        "close",
        "closes",
        "closed",
        "resolve",
        "resolves",
        "resolved",
        "ref",
        "refs",
        "references",
        "see",
        "issue",
    )
)
_LONGEST_KEY = 11
_LONGEST_NAME = 220
# fmt: off
_NOT_TICKETS = frozenset((
    "AES", "AGPL", "BSD", "CC", "CRC", "CVE", "CWE", "EC", "GHSA", "GPL", "HTTP", "IPV", "ISO",
    "LGPL", "MD", "MPL", "PEP", "RFC", "RSA", "SHA", "TLS", "UCS", "UTF", "X86",
))
# fmt: on


def full_subject(message: str) -> str:
    r"""Return the first paragraph as one line.

    >>> full_subject("Add limits\nto uploads\n\nBecause.")
    'Add limits to uploads'
    """
    text = message.lstrip(" \t\r\n")
    ends = text.find("\n")
    if ends < 0:
        return text.rstrip()
    if text[ends + 1 : ends + 2] != "\n" and (found := _SUBJECT_ENDS.search(text)):
        ends = found.start()
    elif text[ends + 1 : ends + 2] != "\n":
        ends = len(text)
    subject = text[:ends]
    return " ".join(subject.split("\n")).strip() if "\n" in subject else subject.rstrip()


def change_request(subject: str, message: str) -> tuple[str, str] | None:
    """Return reference and kind of the change request that a message names, or None.

    References in the body count in its last 20,000 characters.

    >>> change_request("Add limits (#12)", "Add limits (#12)")
    ('#12', 'pull-request')
    """
    if "#" in subject:
        found = _PULL.match(subject) or _SQUASHED.search(subject[-_LONGEST_NAME:])
        if found:
            return f"#{found[1][:20]}", "pull-request"
    if subject.startswith("Merged "):
        found = _OTHER_PULL.match(subject[:_LINE_SEARCHED])
        if found:
            return f"#{(found[1] or found[2])[:20]}", "pull-request"
    return _named_in_body(message[-_SEARCHED:])


def _named_in_body(text: str) -> tuple[str, str] | None:
    if "See merge request" in text and (found := _MERGE_REQUEST.search(text)):
        return found[1][:_MOST], "merge-request"
    if "Reviewed-on:" in text and (found := _REVIEWED_ON.search(text)):
        hosted = _HOSTED.match(found[1])
        return (f"#{hosted[1]}", "pull-request") if hosted else (found[1][:_MOST], "gerrit")
    if "Change-Id:" in text and (found := _CHANGE_ID.search(text)):
        return found[1], "gerrit"
    if "Differential Revision:" in text and (found := _REVISION.search(text)):
        return found[1][:_MOST], "phabricator"
    if ("Link:" in text or "Message-I" in text) and (found := _PATCH.search(text)):
        return (found[1] or found[2])[:_MOST], "mailing-list"
    return None


def ticket(message: str) -> str | None:
    r"""Return the first ticket that a message names in its first 20,000 characters, or None.

    A ticket is a key such as ABC-123, or a number after a word such as `Fixes`.

    >>> ticket("Fix parser\n\nFixes #9, see also ABC-12 and UTF-8")
    '#9'
    """
    text = message if len(message) <= _SEARCHED else message[:_SEARCHED]
    best, at = None, len(text)
    if "-" in text:
        for found in _KEY_NUMBER.finditer(text):
            start = found.start()
            key = _KEY.search(text, max(0, start - _LONGEST_KEY), start)
            if key and key[0] not in _NOT_TICKETS:
                best, at = key[0] + found[0], key.start()
                break
    if "#" in text:
        for found in _NUMBER.finditer(text, 0, at):
            start = found.start()
            where = _named_before(text[max(0, start - _LONGEST_NAME) : start])
            if where is not None:
                return where + found[0]
    return best


def _named_before(text: str) -> str | None:
    """Return the repository that stands between a word such as `Fixes` and a number, or None."""
    where = ""
    if text[-1:] not in (" ", "\t"):
        if not (text[-1:].isalnum() or text[-1:] in ("_", "-", ".")):
            return None
        text, _, where = text.replace("\t", " ").rpartition(" ")
        if not _ELSEWHERE.fullmatch(where):
            return None
    words = text.rpartition("\n")[2].split()
    return where if words and words[-1].removesuffix(":").lower() in _WORDS else None
