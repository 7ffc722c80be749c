"""Where else the repository is kept: host names only, for addresses can hold credentials."""

import re

from reperform.connectors.git.plumbing import Git

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)(.*)", re.DOTALL)
_SCP = re.compile(r"([^/:]+):(?!//)", re.DOTALL)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)(?::\d*)?")


def remote_hosts(git: Git) -> str:
    """Return the host names of the remotes, sorted, joined by commas; empty when there are none."""
    listed = git.attempt("config", "-z", "--get-regexp", r"^remote\..*\.(url|pushurl)$").out
    addresses = [entry.partition("\n")[2] for entry in listed.split("\0")]
    return ",".join(sorted({host for address in addresses if (host := host_of(address))}))


def host_of(address: str) -> str:
    """Return the host name of a remote address; empty for a local path.

    An address from which user and password cannot be told with certainty gives nothing.

    >>> host_of("https://user:secret@example.org:8443/x.git"), host_of("git@example.org:x.git")
    ('example.org', 'example.org')
    """
    if url := _URL.match(address):
        where = url[1]
        if "@" not in where and "@" in url[2]:
            return ""
    elif scp := _SCP.match(address):
        where = scp[1]
    else:
        return ""
    found = _HOST.fullmatch(where.rpartition("@")[2])
    return found[1].lower() if found else ""
