"""Where a repository is, as `restic -r` names it: what may be asked of this machine with it."""

from urllib.parse import urlsplit

_LOCAL = "local"
_OF_CLOUDS = frozenset({"b2", "azure", "gs", "swift"})
"""Kinds whose server is the cloud's own: no name of a host is in them."""
_HOSTED = frozenset({"rest", "sftp", "s3"})


def flaw(repository: str) -> str:
    """Return why a repository is not opened; empty when it may be.

    `rclone:` runs another program with settings of its own, and a host or user that begins with a
    hyphen is an option to the program that connects.
    """
    kind, rest = _parts(repository)
    if kind == _LOCAL:
        return "" if rest.startswith("/") else "is no absolute path, and names no service"
    if kind not in _OF_CLOUDS | _HOSTED:
        return "is of a kind that is not opened"
    if kind in _HOSTED and (not host(repository) or _begins_with_option(rest)):
        return "names no host"
    return ""


def host(repository: str) -> str:
    """Return the name or address of the host that a repository is on; empty when none is named.

    >>> host("sftp:backup@nas.example.org:/srv"), host("s3:http://10.0.0.7:9000/b"), host("/srv/r")
    ('nas.example.org', '10.0.0.7', '')
    """
    kind, rest = _parts(repository)
    if kind not in _HOSTED:
        return ""
    if "//" not in rest and kind == "sftp":
        rest = f"//{rest.partition(':')[0]}"
    if "//" not in rest:
        rest = f"//{rest}"
    try:
        return urlsplit(rest).hostname or ""
    except ValueError:
        return ""


def folder(repository: str) -> str:
    """Return the folder of this machine that a repository is; empty when it is elsewhere."""
    kind, rest = _parts(repository)
    return rest if kind == _LOCAL else ""


def _parts(repository: str) -> tuple[str, str]:
    kind, colon, rest = repository.partition(":")
    if not colon or "/" in kind:
        return _LOCAL, repository
    if kind == _LOCAL:
        return _LOCAL, rest
    return kind, rest


def _begins_with_option(rest: str) -> bool:
    bare = rest.partition("//")[2] or rest
    user, at, behind = bare.partition("@")
    return user.startswith("-") or (bool(at) and behind.startswith("-"))
