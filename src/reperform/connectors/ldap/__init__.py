"""ldap: a directory, OpenLDAP or Active Directory: people, accounts, groups."""

from collections.abc import Sequence

from reperform.connectors.answer import Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.ldap.search import ask, system, whoami
from reperform.connectors.ldap.shape import TABLES, covers, shape
from reperform.connectors.settings import Access, Setting, SettingKind

STREAM = "ldap/directory"
_READ = "read"

SOURCE = Source(
    stream=STREAM,
    tables=TABLES,
    shape=shape,
    covers=covers,
    blind=(
        "entries and attributes that the directory hides from the one who asks, without saying so; "
        "second factors; other servers that it refers to; what a group grants in other systems; a "
        "last sign-in of Active Directory is up to two weeks old"
    ),
)


def _questions(access: Access, _: Asking) -> Sequence[Question]:
    return [Question(STREAM, system(access), lambda: ask(access))]


def _check(access: Access) -> Check:
    return Check(f"{system(access)} as {whoami(access)}", (Finding(_READ, Grant.UNKNOWN),))


def _address_flaw(said: str) -> str:
    is_one = said.startswith(("ldap://", "ldaps://")) and "@" not in said and " " not in said
    return "" if is_one else "is no address of a directory"


CONNECTOR = Connector(
    name="ldap",
    title="LDAP or Active Directory",
    asks="The people, groups and password policies below one entry of a directory, page by page."
    " No attribute that holds a password is asked for.",
    blind=SOURCE.blind,
    permissions=(
        Permission(
            _READ,
            "an account of its own that may search below the base and read the attributes of"
            " people, groups and policies; not userPassword, and nothing to write",
        ),
    ),
    settings=(
        Setting(
            "address",
            "Address",
            "as ldaps://dc1.example.com; ldap:// with StartTLS, or on this machine",
            flaw=_address_flaw,
        ),
        Setting("base", "Base", "entry below which is searched, as dc=example,dc=com"),
        Setting(
            "name",
            "Name",
            "DN of the account that asks; in Active Directory also name@domain; empty for nobody",
            is_required=False,
        ),
        Setting("password", "Password", "of that account", is_required=False, is_secret=True),
        Setting(
            "tls",
            "TLS",
            "how the way is protected",
            SettingKind.CHOICE,
            choices={
                "ldaps": "ldaps:// from the start",
                "starttls": "StartTLS",
                "ldap": "none: only on this machine",
            },
        ),
        Setting(
            "roots",
            "Authorities",
            "a file of certificates to trust; empty for those of this machine",
            SettingKind.PATH,
            is_required=False,
        ),
        Setting(
            "privileged",
            "Privileged groups",
            "the name of each group whose members can grant themselves more, on a line of its own",
            SettingKind.LINES,
            default="Domain Admins\nEnterprise Admins\nSchema Admins\nAdministrators",
        ),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR", "SOURCE"]
