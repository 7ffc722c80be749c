"""A real PostgreSQL server, with roles, rules and TLS as people set them up."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg.sql import SQL, Identifier

from collected import Collected, put
from postgresql import programs, server
from reperform.connectors.answer import Answer, Question
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.postgresql import CONNECTOR, SOURCE
from reperform.connectors.settings import Access

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL here"),
]

NOW = datetime.now(UTC)
SECRET = "s3cret of the collector"


@dataclass(frozen=True)
class Server:
    """A server, and the certificate that it shows."""

    url: str
    port: int
    folder: Path
    certificate: Path

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def reload(self) -> None:
        """Have the server read its files again, and return when it did."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            loaded = connection.execute("SELECT pg_conf_load_time()").fetchone()
            connection.execute("SELECT pg_reload_conf()")
        for _ in range(500):
            with psycopg.connect(self.url) as connection:
                if connection.execute("SELECT pg_conf_load_time()").fetchone() != loaded:
                    return
            time.sleep(0.02)
        raise AssertionError("the server did not read its files")

    def access(self, **more: object) -> Access:
        settings = {
            "host": "127.0.0.1",
            "port": self.port,
            "database": "postgres",
            "user": "collector",
            "tls": "disable",
            "roots": "",
        }
        return Access({**settings, **more}, {"password": SECRET})


def certified(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost that it signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "server.crt", folder / "server.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture(scope="module")
def started() -> Iterator[Server]:
    with server() as url:
        with psycopg.connect(url) as connection:
            (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        place = Path(str(folder))
        owner = place.stat()
        certificate, key = certified(place)
        for path in (certificate, key):
            os.chown(path, owner.st_uid, owner.st_gid)
            path.chmod(0o600)
        yield Server(url, urlsplit(url).port or 0, place, certificate)


@pytest.fixture
def database(started: Server) -> Iterator[Server]:
    """The server, with a role that collects; what a test changes is taken back."""
    rules = started.folder / "pg_hba.conf"
    before = rules.read_bytes()
    started.run(
        f"CREATE ROLE collector LOGIN PASSWORD '{SECRET}'",
        "GRANT pg_monitor TO collector",
        "GRANT SELECT ON pg_hba_file_rules TO collector",
        "GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO collector",
        "GRANT SELECT (rolname, rolpassword) ON pg_authid TO collector",
    )
    yield started
    rules.write_bytes(before)
    with psycopg.connect(started.url, autocommit=True) as connection:
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'reperform'"
        ).fetchall()
        for (role,) in roles:
            named = Identifier(role)
            connection.execute(SQL("DROP OWNED BY {}").format(named))
            connection.execute(SQL("DROP ROLE {}").format(named))
        connection.execute("ALTER SYSTEM RESET ALL")
    started.reload()


def collected(tmp_path: Path, access: Access) -> Collected:
    (question,) = CONNECTOR.questions(access, Asking(NOW))
    return put(question, SOURCE, tmp_path, NOW)


def test_roles_that_log_in_say_what_makes_them_powerful(tmp_path: Path, database: Server) -> None:
    """By their own attributes, or by a role that they are in, however deep."""
    database.run(
        "CREATE ROLE admins SUPERUSER",
        "CREATE ROLE team IN ROLE admins",
        "CREATE ROLE ana LOGIN PASSWORD 'x' IN ROLE team VALID UNTIL '2099-01-01 00:00:00+00'",
        "CREATE ROLE gone LOGIN PASSWORD 'x' VALID UNTIL '2001-01-01 00:00:00+00'",
        "CREATE ROLE job LOGIN IN ROLE pg_write_server_files",
    )

    found = collected(tmp_path, database.access())

    said = {
        row["account"]: (
            row["is_privileged"],
            row["privileges"],
            row["is_enabled"],
            row["can_sign_in"],
        )
        for row in found.of("population.accounts")
    }
    assert found.outcome == "complete"
    assert said["ana"] == (True, "superuser (admins)", True, True)
    assert said["gone"] == (False, None, False, True)
    assert said["job"][:2] == (True, "pg_write_server_files (pg_write_server_files)")
    assert said["job"][3] is False
    assert said["collector"] == (False, None, True, True)
    assert said["reperform"][:2] == (True, "bypassrls,createrole,replication,superuser")
    assert "admins" not in said
    groups = {(row["group_name"], row["member"]) for row in found.of("population.groups")}
    assert {("admins", "team"), ("team", "ana")} <= groups


def test_no_hash_and_no_password_is_kept(tmp_path: Path, database: Server) -> None:
    """Of the roles, and of the one that asks."""
    collected(tmp_path, database.access())

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"scram-sha-256" in kept
    assert b"SCRAM-SHA-256$" not in kept.replace(b"SCRAM-SHA-256$%", b"")
    assert SECRET.encode() not in kept


def with_rules(database: Server, *rules: str) -> None:
    lines = ["local all all trust", "host all all 127.0.0.1/32 trust", *rules]
    (database.folder / "pg_hba.conf").write_text("\n".join(lines) + "\n")
    database.run("ALTER SYSTEM SET ssl = on")
    database.reload()


RULES = [
    (("hostssl all all 10.0.0.0/8 scram-sha-256",), True),
    (("host all all 10.0.0.0/8 scram-sha-256",), False),
    (("host all all 10.0.0.0/8 reject", "hostssl all all all cert"), True),
    (("hostnossl all all samenet md5",), False),
    ((), True),
]


@pytest.mark.parametrize(("rules", "expected"), RULES)
def test_tls_is_demanded_when_no_rule_lets_the_network_in_without(
    tmp_path: Path, database: Server, rules: tuple[str, ...], *, expected: bool
) -> None:
    """Rules of this machine, and those that reject, do not count."""
    with_rules(database, *rules)

    found = collected(tmp_path, database.access(tls="require"))

    (row,) = found.of("postgresql.server")
    assert (row["offers_tls"], row["demands_tls"]) == (True, expected)
    (encryption,) = found.of("population.encryption")
    assert (encryption["is_in_transit"], encryption["is_encrypted"]) == (True, expected)
    assert len(found.of("postgresql.access_rules")) == 2 + len(rules)


def test_without_tls_nothing_is_encrypted_whatever_the_rules(
    tmp_path: Path, database: Server
) -> None:
    """The setting ssl is off."""
    (row,) = collected(tmp_path, database.access()).of("postgresql.server")

    assert (row["offers_tls"], row["demands_tls"], row["has_pgaudit"]) == (False, False, False)
    assert row["password_kind"] == "scram-sha-256"
    assert row["version"].split(".")[0].isdigit()


def test_a_certificate_is_verified_as_the_settings_demand(tmp_path: Path, database: Server) -> None:
    """One that signed itself is refused, until somebody trusts it."""
    with_rules(database)

    unknown = collected(tmp_path, database.access(tls="verify-full", host="localhost"))
    trusted = collected(
        tmp_path,
        database.access(tls="verify-full", host="localhost", roots=str(database.certificate)),
    )

    assert unknown.outcome == "refused"
    assert "certificate verify failed" in unknown.collection.reason
    assert trusted.outcome == "complete"


def test_what_the_role_may_not_read_is_refused_and_not_known(
    tmp_path: Path, database: Server
) -> None:
    """Without a grant nobody knows who has a password, or whether TLS is demanded."""
    database.run(
        "REVOKE SELECT ON pg_hba_file_rules FROM collector",
        "REVOKE SELECT (rolname, rolpassword) ON pg_authid FROM collector",
        "REVOKE pg_monitor FROM collector",
    )
    with_rules(database)

    found = collected(tmp_path, database.access())

    assert found.outcome == "partial"
    assert "access-rules: permission denied" in found.collection.reason
    assert {row["can_sign_in"] for row in found.of("population.accounts")} == {None}
    (row,) = found.of("postgresql.server")
    assert (row["demands_tls"], row["has_pgaudit"]) == (None, None)
    assert found.covers["postgresql.access_rules"].last is None
    assert found.covers["population.accounts"].last == NOW.date()


def test_the_check_says_what_is_granted(database: Server) -> None:
    """And as whom."""
    database.run("REVOKE EXECUTE ON FUNCTION pg_hba_file_rules() FROM collector")

    said = checked(CONNECTOR, database.access())

    assert said.reached.endswith("as collector")
    grants = {finding.permission: finding.grant for finding in said.findings}
    assert grants == {
        "LOGIN": Grant.GRANTED,
        "pg_monitor": Grant.GRANTED,
        "pg_hba_file_rules": Grant.DENIED,
        "pg_authid": Grant.GRANTED,
    }


def test_names_with_every_sign_in_them_survive(tmp_path: Path, database: Server) -> None:
    """Commas, quotes, line ends, formulas."""
    names = ('a,"b"', "two\nlines", "=cmd|' /C calc'!A0", "\u202eé")
    for name in names:
        quoted = name.replace('"', '""')
        database.run(f'CREATE ROLE "{quoted}" LOGIN')

    rows = collected(tmp_path, database.access()).of("population.accounts")

    assert set(names) <= {row["account"] for row in rows}


REFUSED: dict[str, tuple[Callable[[Server], Access], str]] = {
    "a wrong password": (
        lambda found: Access(found.access().settings, {"password": "no"}),
        "password",
    ),
    "nobody there": (lambda found: found.access(port=1), "was not asked"),
    "no such database": (lambda found: found.access(database="none"), "does not exist"),
    "in clear over a network": (lambda found: found.access(host="192.0.2.1"), "TLS is off"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_server_that_is_not_reached_is_refused(
    tmp_path: Path, database: Server, case: str
) -> None:
    """With the reason, and without the password."""
    make, why = REFUSED[case]
    if case == "a wrong password":
        (database.folder / "pg_hba.conf").write_text(
            "local all all trust\nhost all collector all scram-sha-256\nhost all all all trust\n"
        )
        database.reload()

    found = collected(tmp_path, make(database))

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert SECRET not in found.collection.reason


def test_a_server_that_hangs_up_in_the_middle_is_refused(database: Server) -> None:
    """What it had said until then is not kept."""
    (question,) = CONNECTOR.questions(database.access(), Asking(NOW))
    answers = question.ask()
    next(answers)
    database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'collector'"
    )

    with pytest.raises(Exception, match="was not asked"):
        list(answers)


def test_kept_bytes_that_are_cut_off_are_not_vouched_for(tmp_path: Path) -> None:
    """Their first lines would pass for all of them."""
    bodies = {
        "observed": b'{"at":"2026-03-05 12:00:00","system":"postgresql x"}',
        "roles": b"rolname\nana\n",
        "members": b"role,member,admin_option\nadmins,ana,f\nadmins",
    }
    answers = [Answer(name, name, [body]) for name, body in bodies.items()]

    found = put(Question("postgresql/server", "x", lambda: iter(answers[::2])), SOURCE, tmp_path)

    assert [row["member"] for row in found.of("population.groups")] == ["ana"]
    assert found.covers["population.groups"].last is None
    assert found.covers["population.groups"].missing == "the answer members is cut off"
