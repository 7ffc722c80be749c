"""Where else the repository is kept: host names only, for addresses can hold credentials."""

import re

from reperform.connectors.git.plumbing import Git

_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(\[[0-9a-fA-F:]+\]|[^/:]+)")
_SCP = re.compile(r"(?:[^/@:]+@)?([A-Za-z0-9.-]+):(?!/)")


def remote_hosts(git: Git) -> str:
    """Return the host names of the remotes, sorted, joined by commas; empty when there are none."""
    listed = git.attempt("config", "--get-regexp", r"^remote\..*\.(url|pushurl)$")[1]
    addresses = [line.partition(" ")[2] for line in listed.splitlines()]
    return ",".join(sorted({host for address in addresses if (host := host_of(address))}))


def host_of(address: str) -> str:
    """Return the host name of a remote address; empty for a local path.

    >>> host_of("https://user:secret@example.org:8443/x.git"), host_of("git@example.org:x.git")
    ('example.org', 'example.org')
    """
    found = _URL.match(address) or _SCP.match(address)
    return found[1].lower() if found else ""
