"""postgresql: a database server: who may log in, from where, with which power."""

import json
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
from reperform.connectors.postgresql.ask import ask, connected, observed, system
from reperform.connectors.postgresql.shape import TABLES, covers, shape
from reperform.connectors.settings import Access, Setting, SettingKind

STREAM = "postgresql/server"
_LOGIN, _MONITOR = "LOGIN", "pg_monitor"
_HBA, _AUTHID = "pg_hba_file_rules", "pg_authid"

SOURCE = Source(
    stream=STREAM,
    tables=TABLES,
    shape=shape,
    covers=covers,
    blind=(
        "privileges on single databases, schemas and tables; when somebody last logged in; whether "
        "the files below the server are encrypted; a proxy before it that ends TLS; other servers "
        "of a cluster"
    ),
)


def _questions(access: Access, _: Asking) -> Sequence[Question]:
    return [Question(STREAM, system(access), lambda: ask(access))]


def _check(access: Access) -> Check:
    """Log in, and look at whether each view can be read."""
    with connected(access) as connection:
        facts = json.loads(b"".join(observed(connection, access).body))
        readable = connection.execute(
            "SELECT has_table_privilege('pg_hba_file_rules', 'SELECT')"
            " AND has_function_privilege('pg_hba_file_rules()', 'EXECUTE'),"
            " has_column_privilege('pg_authid', 'rolpassword', 'SELECT')"
        ).fetchone()
    grants = {
        _LOGIN: True,
        _MONITOR: facts["is_monitor"],
        _HBA: readable[0],
        _AUTHID: readable[1],
    }
    findings = [
        Finding(name, Grant.GRANTED if is_granted else Grant.DENIED)
        for name, is_granted in grants.items()
    ]
    return Check(f"PostgreSQL {facts['version']} as {facts['as']}", tuple(findings))


CONNECTOR = Connector(
    name="postgresql",
    title="PostgreSQL server",
    asks="One server: roles and their memberships, settings, rules of access, replicas, and whether"
    " changes are archived. It reads in one read-only transaction, and no hash of a password.",
    blind=SOURCE.blind,
    permissions=(
        Permission(_LOGIN, "a role of its own that can log in"),
        Permission(_MONITOR, "GRANT pg_monitor: every setting, replicas", is_required=False),
        Permission(
            _HBA,
            "GRANT SELECT ON pg_hba_file_rules and EXECUTE ON FUNCTION pg_hba_file_rules(): who may"
            " come from where",
            is_required=False,
        ),
        Permission(
            _AUTHID,
            "GRANT SELECT (rolname, rolpassword) ON pg_authid: which role has no password; only"
            " whether and how it is kept is read, but the grant allows more",
            is_required=False,
        ),
    ),
    settings=(
        Setting("host", "Host", "name or address of the server, or the folder of its socket"),
        Setting(
            "port", "Port", "5432, unless somebody moved it", SettingKind.NUMBER, default="5432"
        ),
        Setting("database", "Database", "any that the role may connect to", default="postgres"),
        Setting("user", "Role", "the role that was made for this"),
        Setting(
            "password",
            "Password",
            "of that role; empty where it logs in by other means",
            is_required=False,
            is_secret=True,
        ),
        Setting(
            "tls",
            "TLS",
            "what is demanded of the server's certificate",
            SettingKind.CHOICE,
            choices={
                "verify-full": "it names the host, by an authority we trust",
                "require": "any certificate",
                "disable": "no TLS: only on this machine",
            },
        ),
        Setting(
            "roots",
            "Authorities",
            "a file of certificates to trust; empty for those of this machine",
            SettingKind.PATH,
            is_required=False,
        ),
    ),
    streams=(Stream(SOURCE, needs=(_LOGIN, _MONITOR, _HBA, _AUTHID)),),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR", "SOURCE"]
