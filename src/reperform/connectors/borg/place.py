"""Where a repository is, as `borg` names it: what may be asked of this machine with it."""

import re

_USER = r"(?:[A-Za-z0-9_.][A-Za-z0-9_.-]*@)?"
_HOST = r"(?P<host>[A-Za-z0-9_][A-Za-z0-9_.-]*)"
_HOSTED = (
    re.compile(rf"ssh://{_USER}{_HOST}(?::[0-9]{{1,5}})?/.+", re.ASCII),
    re.compile(rf"{_USER}{_HOST}:(?!//)[^:].*", re.ASCII),
)
_FILLED_IN = ("{", "}", "::", "\n")
"""What borg itself would fill in, or read as the end of the repository's name."""


def flaw(repository: str) -> str:
    """Return why a repository is not opened; empty when it may be.

    A host or user that begins with a hyphen would be an option to the program that connects.
    """
    if any(part in repository for part in _FILLED_IN):
        return "holds braces, :: or a line's end, which borg does not take as they stand"
    if repository.startswith("/") or host(repository):
        return ""
    return "is no absolute path, and names no host"


def host(repository: str) -> str:
    """Return the name or address of the host that a repository is on; empty when none is named.

    >>> host("ssh://backup@nas.example.org:2222/srv/r"), host("nas:r"), host("/srv/a:b")
    ('nas.example.org', 'nas', '')
    """
    for form in _HOSTED:
        if found := form.fullmatch(repository):
            return found["host"]
    return ""


def folder(repository: str) -> str:
    """Return the folder of this machine that a repository is; empty when it is elsewhere."""
    return "" if host(repository) else repository
