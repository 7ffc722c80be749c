"""Configurations of nginx as a real nginx prints them, and files that are none."""

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.nginx import certify, program
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.content import NotReadError
from reperform.connectors.contract import Asking
from reperform.connectors.nginx import CONNECTOR, SOURCE
from reperform.connectors.nginx.parsing import configuration
from reperform.connectors.settings import Access

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SERVERS, ENCRYPTION = "nginx.servers", "population.encryption"
MAIN = """
pid {folder}/pid; error_log stderr; # a comment; with }} signs
events {{}}
http {{
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_certificate {certificate}; ssl_certificate_key {key};
  add_header Strict-Transport-Security "max-age=63072000";
  log_format odd '{{"a": "$request"; }}';
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  include {folder}/sites/*.conf;
  include none/*.conf;
}}
"""
APP = """
server {
  listen 8443 ssl; listen [::]:8443 ssl http2; server_name app.example.org "www.example.org";
  server_tokens off; access_log off;
  location / { return 200 "{;}"; }
}
server { listen 8080; return 301 https://app.example.org$request_uri; }
server { listen 127.0.0.1:8081; location /status { stub_status; } }
"""
OLD = """
server {
  listen 9443 ssl; ssl_protocols TLSv1 TLSv1.2; ssl_ciphers HIGH;
  add_header X-Frame-Options DENY;
}
server { listen 9080; server_name plain.example.org; location / { return 204; } }
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What nginx itself prints of a configuration in three files."""
    nginx = program()
    if nginx is None and os.environ.get("CI") != "true":
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    certificate, key = certify(folder)
    (folder / "sites").mkdir()
    (folder / "sites" / "app.conf").write_text(APP)
    (folder / "sites" / "old.conf").write_text(OLD)
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, certificate=certificate, key=key))
    done = subprocess.run(
        [str(nginx), "-T", "-p", str(folder), "-c", str(main)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def collected(tmp_path: Path, **files: bytes) -> Collected:
    folder = tmp_path / "printed"
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("_dot_", ".")).write_bytes(content)
    (question,) = CONNECTOR.questions(Access({"folder": str(folder)}, {}), Asking(NOW))
    return put(question, SOURCE, tmp_path, NOW)


def test_each_server_is_a_row_at_each_of_its_addresses(tmp_path: Path, printed: bytes) -> None:
    """With what it inherits, and without what a server that adds any header has lost."""
    found = collected(tmp_path, web1_dot_txt=printed)

    rows = found.of(SERVERS)
    said = {
        row["listen"]: (row["is_encrypted"], row["protocols"], row["accepts_old"], row["hsts"])
        for row in rows
    }
    new, strict = "TLSv1.2 TLSv1.3", "max-age=63072000"
    assert found.outcome == "complete", found.collection.reason
    assert said == {
        "8443": (True, new, False, strict),
        "[::]:8443": (True, new, False, strict),
        "8080": (False, new, None, strict),
        "127.0.0.1:8081": (False, new, None, strict),
        "9443": (True, "TLSv1 TLSv1.2", True, None),
        "9080": (False, new, None, strict),
    }
    first = rows[0]
    assert (first["system"], first["names"]) == (
        "nginx web1",
        "app.example.org www.example.org",
    )
    assert (first["shows_version"], first["keeps_access_log"]) == (False, False)
    assert found.covers[SERVERS] == Cover(date(2026, 3, 5), date(2026, 3, 5))


def test_what_leads_to_tls_or_stays_on_the_machine_is_no_way_in_clear(
    tmp_path: Path, printed: bytes
) -> None:
    found = collected(tmp_path, web1=printed)

    said = {row["resource"]: row["is_encrypted"] for row in found.of(ENCRYPTION)}
    assert said == {
        "app.example.org www.example.org at 8443": True,
        "app.example.org www.example.org at [::]:8443": True,
        "unnamed at 9443": True,
        "plain.example.org at 9080": False,
    }


@pytest.mark.parametrize("left", [0.3, 0.6, 0.9, 0.99])
def test_a_configuration_that_is_cut_off_is_refused(
    tmp_path: Path, printed: bytes, left: float
) -> None:
    """Wherever: its last servers would not be there."""
    found = collected(tmp_path, bad=printed[: int(len(printed.rstrip()) * left)], good=printed)

    assert found.outcome == "partial"
    assert "file bad: " in found.collection.reason
    assert not found.covers[SERVERS].is_whole


HEAD = "# configuration file /etc/nginx/nginx.conf:\n"
REFUSED = {
    "another text": ("events {}\n", "is no configuration of nginx"),
    "a block that never began": (f"{HEAD}http {{}} }}", "a block ends where none does"),
    "a directive without a name": (f"{HEAD};", "a directive without a name"),
    "a quote that never ends": (f'{HEAD}a "b;', "is no configuration"),
    "a file that is not there": (
        f"{HEAD}include mime.types;",
        "/etc/nginx/mime.types, which is not",
    ),
    "a file in itself": (f"{HEAD}include nginx.conf;", "include each other in a circle"),
    "too deep": (f"{HEAD}{'a {' * 60}{'}' * 60}", "nested too deep"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_configuration_is_refused(case: str) -> None:
    text, why = REFUSED[case]

    with pytest.raises(NotReadError, match=why):
        configuration(text)


def test_odd_configurations_come_out_as_they_are(tmp_path: Path) -> None:
    """No address, sockets, Lua, bytes that are no text, numbers that are none."""
    text = HEAD.encode() + (
        b"http { server { server_name _ \xff; } server { listen unix:/run/x; }\n"
        b'init_by_lua_block { if a then b = "}" .. { end }\n}'
        b"server { listen 999999999; listen [::1]:443 quic; listen '*:443' ssl; } }"
    )
    found = collected(tmp_path, web1=text)

    said = [(row["listen"], row["port"], row["is_public"]) for row in found.of(SERVERS)]
    assert said == [
        ("80", 80, True),
        ("unix:/run/x", None, False),
        ("999999999", 999999, True),
        ("[::1]:443", 443, False),
        ("*:443", 443, True),
    ]
    assert found.of(SERVERS)[0]["names"] == "_ \\xff"
    assert {row["accepts_old"] for row in found.of(SERVERS)} == {None}
