"""Headers of web addresses, as a real nginx sends them, and as servers that are none do."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.nginx import certify, program
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.calls.opening import networks
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access, read_settings
from reperform.connectors.tls import CONNECTOR, handshake

pytestmark = pytest.mark.enable_socket
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HEADERS = "tls.headers"
CONFIGURATION = """
{user}daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off; server_tokens off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{https} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    add_header Content-Security-Policy "default-src 'self'" always;
    location / {{ return 200 "it is here"; }}
    location /weak {{ add_header X-Frame-Options DENY; return 404; }}
  }}
  server {{ listen 127.0.0.1:{http}; return 301 https://app.example.org$request_uri; }}
}}
"""


@dataclass(frozen=True)
class Site:
    https: str
    http: str


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = program()
    if nginx is None and os.environ.get("CI") != "true":
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    certificate, key = certify(folder)
    https, http = free(), free()
    file = folder / "nginx.conf"
    file.write_text(
        CONFIGURATION.format(
            user="user root; " if os.geteuid() == 0 else "",
            folder=folder,
            https=https,
            http=http,
            certificate=certificate,
            key=key,
        )
    )
    process = subprocess.Popen([str(nginx), "-p", str(folder), "-c", str(file)])
    try:
        for port in (https, http):
            wait(port)
        yield Site(f"https://127.0.0.1:{https}", f"http://127.0.0.1:{http}")
    finally:
        process.terminate()
        process.wait()


def wait(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx did not start")


def collected(folder: Path, address: str, access: Access | None = None) -> Collected:
    asked = access or Access({"endpoints": [], "addresses": [address]})
    (question,) = CONNECTOR.questions(asked, Asking(NOW))
    return put(question, CONNECTOR.stream("tls/headers").source, folder, NOW)


def test_what_nginx_tells_browsers_is_a_row(tmp_path: Path, site: Site) -> None:
    """Also when the certificate is its own: whether it is good is another table's."""
    found = collected(tmp_path, f"{site.https}/")

    (row,) = found.of(HEADERS)
    assert found.outcome == "complete"
    assert (row["status"], row["is_encrypted"], row["leads_to"]) == (200, True, None)
    assert (row["hsts_seconds"], row["hsts_subdomains"]) == (31_536_000, True)
    assert (row["content_policy"], row["server"]) == ("default-src 'self'", "nginx")
    assert row["type_options"] is None
    assert found.covers[HEADERS] == Cover(date(2026, 3, 5), date(2026, 3, 5))
    asked = found.collection.answers[0].asked
    assert asked == f"GET {site.https}/, not followed: status and headers"


def test_a_place_with_headers_of_its_own_has_lost_the_others(tmp_path: Path, site: Site) -> None:
    """A place of nginx does not inherit them: what counts is what the address says."""
    (row,) = collected(tmp_path, f"{site.https}/weak").of(HEADERS)

    assert (row["status"], row["hsts_seconds"], row["hsts_subdomains"]) == (404, None, None)


def test_an_address_in_clear_shows_where_it_leads(tmp_path: Path, site: Site) -> None:
    (row,) = collected(tmp_path, f"{site.http}/login?next=1").of(HEADERS)

    assert (row["status"], row["is_encrypted"]) == (301, False)
    assert row["leads_to"] == "https://app.example.org/login?next=1"


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """Serve one answer to whoever comes, and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(4_096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join(timeout=10)


OK = b"HTTP/1.1 200 OK\r\n"
NO_ANSWER = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "headers without end": OK + b"X: 1\r\n" * 200,
    "a header without end": OK + b"X: " + b"a" * 70_000,
}


@pytest.mark.parametrize("case", NO_ANSWER)
def test_what_is_no_answer_is_refused(tmp_path: Path, case: str) -> None:
    with saying(NO_ANSWER[case]) as address:
        found = collected(tmp_path, address)

    assert found.outcome == "refused"
    assert f"{address} was not looked at" in found.collection.reason
    assert found.covers[HEADERS].last is None


def test_hostile_headers_come_out_as_text_or_not_at_all(tmp_path: Path) -> None:
    """In clear, nothing keeps a browser to TLS, whatever it says."""
    said = OK + b"Server: =cmd|x\xff\r\nLocation: http://[\r\n"
    said += b"Strict-Transport-Security: max-age=31536000\r\n\r\n"
    with saying(said) as address:
        (row,) = collected(tmp_path, address).of(HEADERS)

    assert (row["hsts_seconds"], row["leads_to"], row["server"]) == (None, None, "=cmd|x\xff")


def test_a_server_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reperform.connectors.tls.headers.SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        found = collected(tmp_path, f"http://127.0.0.1:{mute.getsockname()[1]}/")

    assert handshake.SECONDS == 10
    assert "timed out" in found.collection.reason


def test_a_network_that_is_not_open_is_not_asked(tmp_path: Path, site: Site) -> None:
    access = Access({"addresses": [site.https]}, private=networks("10.0.0.0/8"))

    found = collected(tmp_path, site.https, access)

    assert "no public address" in found.collection.reason


@pytest.mark.parametrize(
    "address", ["app.example.org", "ftp://a.example/", "https://a:b@c.example/", "https://:443/"]
)
def test_an_address_that_is_none_is_a_problem_in_its_place(address: str) -> None:
    content = {"endpoints": "a.example:443", "addresses": address}
    _, problems = read_settings(CONNECTOR.settings, content)

    assert [each.where for each in problems] == ["addresses"]
