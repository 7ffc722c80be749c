"""A real OpenLDAP server of a test's own: its own folder, its own port, gone afterwards."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reperform.connectors.settings import Access

BASE = "dc=example,dc=org"
COLLECTOR = f"cn=collector,{BASE}"
SECRET = "s3cret of the collector"
_PLACES = "/usr/sbin:/usr/bin:/usr/lib/openldap:/usr/libexec"

# Microsoft's attributes, which OpenLDAP does not know.
# See https://learn.microsoft.com/windows/win32/adschema
_MICROSOFT = """
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.2.840.113556.1.4.1696 NAME 'lastLogonTimestamp'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributetype ( 1.2.840.113556.1.4.96 NAME 'pwdLastSet' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributetype ( 1.2.840.113556.1.4.159 NAME 'accountExpires'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributetype ( 1.2.840.113556.1.4.146 NAME 'objectSid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
attributetype ( 1.2.840.113556.1.4.79 NAME 'minPwdLength' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributetype ( 1.2.840.113556.1.4.74 NAME 'maxPwdAge' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' AUXILIARY MAY ( userAccountControl $ sAMAccountName $
  lastLogonTimestamp $ pwdLastSet $ accountExpires $ objectSid ) )
objectclass ( 1.2.840.113556.1.5.67 NAME 'domainDNS' AUXILIARY MAY ( minPwdLength $ maxPwdAge ) )
"""
_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
{microsoft}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/pid
sizelimit {limit}
{tls}
database mdb
suffix "{base}"
rootdn "cn=admin,{base}"
directory {folder}/db
overlay ppolicy
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{collector}" read by * none
"""
_TREE = f"""
dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {COLLECTOR}
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: collector
userPassword: {SECRET}
"""


def is_here() -> bool:
    """Return whether server and client are installed."""
    return bool(
        shutil.which("slapd", path=_PLACES)
        and shutil.which("ldapsearch")
        and Path("/etc/ldap/schema/nis.schema").exists()
    )


@dataclass(frozen=True)
class Directory:
    """Where it listens, and how it is asked."""

    address: str
    more: dict[str, object] = field(default_factory=dict)

    def access(self, secret: str = SECRET, **more: object) -> Access:
        settings = {
            "address": self.address,
            "base": BASE,
            "name": COLLECTOR,
            "tls": "ldap",
            "roots": "",
            "privileged": ["admins", "Domain Admins"],
        }
        return Access({**settings, **more}, {"password": secret})


@contextmanager
def directory(ldif: str, *, limit: str = "unlimited", tls: str = "") -> Iterator[Directory]:
    """Serve entries below BASE, which are given as LDIF."""
    slapd = str(shutil.which("slapd", path=_PLACES))
    with tempfile.TemporaryDirectory(prefix="reperform-ldap-") as name:
        folder = Path(name)
        (folder / "db").mkdir()
        configuration = folder / "slapd.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                microsoft=_MICROSOFT,
                folder=folder,
                limit=limit,
                tls=tls,
                base=BASE,
                collector=COLLECTOR,
            )
        )
        (folder / "tree.ldif").write_text(f"{_TREE.strip()}\n\n{ldif.strip()}\n")
        done = subprocess.run(
            [slapd, "-T", "add", "-q", "-f", str(configuration), "-l", str(folder / "tree.ldif")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (folder / "out").open("wb") as out:
            address = f"ldap://127.0.0.1:{port}"
            process = subprocess.Popen(
                [slapd, "-f", str(configuration), "-h", f"{address}/", "-d", "0"],
                stdout=out,
                stderr=out,
            )
        try:
            _wait(port)
            yield Directory(address)
        finally:
            process.terminate()
            process.wait()


def _wait(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("slapd did not start")
