"""Searching a directory with OpenLDAP's own program: LDIF as it prints it, to the last page.

No password attribute is asked for; the password of the one who asks goes through a pipe, and is in
no argument, file or environment.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, NotCollectedError
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.settings import Access

PEOPLE, GROUPS, POLICIES = "people", "groups", "policies"
_SEARCHES = {
    # Machines are left out when shaping: a server that does not know the class `computer` finds
    # nobody for whom it holds that they are none (RFC 4511, 4.5.1.7: Undefined).
    PEOPLE: "(|(objectClass=person)(objectClass=posixAccount)(objectClass=account))",
    GROUPS: "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
    "(objectClass=groupOfMembers)(objectClass=posixGroup)(objectClass=organizationalRole))",
    POLICIES: "(|(objectClass=pwdPolicy)(objectClass=domainDNS))",
}
# RFC 4519, 2307, 2798; Microsoft's; draft-behera-ldap-password-policy; 389 Directory Server's.
_ATTRIBUTES = {
    PEOPLE: "objectClass uid cn sn givenName displayName mail employeeType title ou department"
    " departmentNumber manager memberOf loginShell shadowExpire sAMAccountName objectSid"
    " userAccountControl lastLogonTimestamp pwdLastSet accountExpires whenCreated createTimestamp"
    " entryUUID pwdAccountLockedTime pwdChangedTime authTimestamp pwdLastSuccess nsAccountLock",
    GROUPS: "objectClass cn sAMAccountName objectSid entryUUID member uniqueMember memberUid"
    " roleOccupant",
    POLICIES: "objectClass pwdMinLength pwdMaxAge pwdInHistory pwdLockout pwdMaxFailure"
    " minPwdLength maxPwdAge pwdHistoryLength lockoutThreshold",
}
_PAGE = 500
_SECONDS = 600
_LARGEST = 512 << 20
_SAID = 300
_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
_LAST_PAGE = b"# pagedresults: cookie="
# RFC 4511, 4.1.9: what concerns one search only; anything else ends the question.
_REFUSED = {3, 4, 11, 32, 50}
_CLEAR, _STARTTLS = "ldap", "starttls"


class LdapError(NotCollectedError):
    """A directory was not reached, let nobody in, or did not answer to the end."""

    slug = "ldap-not-collected"

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(
            what,
            why="A list of people that stops before its end would pass for the whole.",
            todo=todo or "check address, base, name and password of the connection",
        )


def ask(access: Access) -> Iterator[Answer]:
    """Yield people, groups and policies of passwords, as LDIF.

    Raises:
        LdapError: the directory did not answer to the end.
    """
    refuse_clear(access)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    facts = {
        "at": now,
        "system": system(access),
        "as": access.text("name"),
        "privileged": sorted(access.lines("privileged")),
    }
    yield Answer("observed", "clock, the connection's settings", [canonical_json(facts)])
    for name, found in _SEARCHES.items():
        yield _searched(access, name, found, _ATTRIBUTES[name].split())


def system(access: Access) -> str:
    """Return the directory as rows name it."""
    return f"ldap {access.text('base')}"


def refuse_clear(access: Access) -> None:
    """Refuse to go over a network without TLS, or where the installation lets nobody go.

    Raises:
        CallFailedError: the address is on a network that is not open to connections.
        LdapError: that is what the settings would do.
    """
    parts = urlsplit(access.text("address"))
    if access.private is not None:
        refuse_host(parts.hostname or "", access.private)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    is_clear = parts.scheme != "ldaps" and access.text("tls") != _STARTTLS
    if is_clear and not (is_here and access.text("tls") == _CLEAR):
        raise LdapError(
            f"{access.text('address')} was not asked: TLS would be off",
            "give its ldaps:// address, or choose StartTLS in the connection's settings",
        )


def whoami(access: Access) -> str:
    """Return as whom the directory knows us.

    Raises:
        LdapError: it does not, or was not reached.
    """
    refuse_clear(access)
    code, output, errors = _run(access, "ldapwhoami", [])
    if code != 0:
        raise LdapError(f"{access.text('address')} was not asked: {_words(access, errors)}")
    return output.decode("utf-8", errors="replace").strip() or "anonymous"


def _searched(access: Access, name: str, found: str, attributes: Sequence[str]) -> Answer:
    paging = ["-E", f"pr={_PAGE}/noprompt", "-l", str(_SECONDS)]
    plain = ["-LL", "-o", "ldif-wrap=no", "-b", access.text("base")]
    asked = f"ldapsearch -b {access.text('base')} {found} {' '.join(attributes)}"
    code, output, errors = _run(access, "ldapsearch", [*plain, *paging, found, *attributes])
    if code in _REFUSED:
        return Answer(name, asked, refused=_words(access, errors))
    if code != 0:
        raise LdapError(f"{access.text('address')} was not asked: {_words(access, errors)}")
    if len(output) > _LARGEST:
        return Answer(name, asked, refused=f"it is larger than {_LARGEST:,} bytes")
    last = output.rpartition(_LAST_PAGE)[2] if _LAST_PAGE in output else b""
    if last.strip():
        raise LdapError(f"{access.text('address')} did not give the last page of {name}")
    return Answer(name, asked, [output])


def _run(access: Access, program: str, arguments: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Run one of OpenLDAP's programs, and return its exit code, output and errors.

    Raises:
        LdapError: it is not installed, or did not end.
    """
    path = shutil.which(program, path="/usr/bin:/bin:/usr/local/bin")
    if path is None:
        raise LdapError(
            f"{access.text('address')} was not asked: {program} is not installed",
            "install OpenLDAP's programs; on Debian: apt-get install ldap-utils",
        )
    password = access.secret("password")
    bind = ["-x", "-H", access.text("address"), "-o", "nettimeout=10"]
    bind += ["-D", access.text("name"), "-y", "/dev/stdin"] if access.text("name") else []
    bind += ["-ZZ"] if access.text("tls") == _STARTTLS else []
    try:
        done = subprocess.run(
            [path, *bind, *arguments],
            input=password.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={
                "LC_ALL": "C",
                "PATH": os.defpath,
                "LDAPNOINIT": "",
                "LDAPTLS_REQCERT": "demand",
                "LDAPTLS_CACERT": access.text("roots") or _ROOTS,
            },
        )
    except subprocess.TimeoutExpired as error:
        what = f"{access.text('address')} did not answer within {_SECONDS} seconds"
        raise LdapError(what) from error
    return done.returncode, done.stdout, done.stderr


def _words(access: Access, errors: bytes) -> str:
    said = " ".join(errors.decode("utf-8", errors="replace").split())
    return access.hide(said)[:_SAID] or "it said nothing"
