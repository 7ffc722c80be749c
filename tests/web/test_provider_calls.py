"""What the server calls for an organization, and which answers it takes."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from pytest_django import Settings

from reperform.accounts.reach import ProviderUnreachableError, refuse_address, refuse_url
from reperform.web.provider_calls import ProviderSession

pytestmark = pytest.mark.enable_socket
DISCOVERY = "/.well-known/openid-configuration"


class Provider(BaseHTTPRequestHandler):
    """Answers each path with what a test is about."""

    @property
    def port(self) -> int:
        return int(self.connection.getsockname()[1])

    def do_GET(self) -> None:
        own = f"http://127.0.0.1:{self.port}"
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        good = {"issuer": own, **dict.fromkeys(names, f"{own}/x")}
        said = {
            DISCOVERY: good,
            f"/other{DISCOVERY}": good,
            f"/inside{DISCOVERY}": {
                **good,
                "issuer": f"{own}/inside",
                "token_endpoint": "http://10.0.0.1/",
            },
        }.get(self.path)
        body = json.dumps(said).encode() if said else b'"x"'
        body = {"/html": b"<html>", "/large": b"[" + b"1," * 300_000}.get(self.path, body)
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_provider_that_describes_itself_is_taken(there: str) -> None:
    with ProviderSession() as session:
        assert session.get(f"{there}{DISCOVERY}").json()["issuer"] == there


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"/other{DISCOVERY}", "another issuer"),  # it would speak for somebody else
        (f"/inside{DISCOVERY}", "not HTTPS"),  # it would have us call what only we reach
        ("/html", "not JSON"),
        ("/large", "too large"),
        ("/text", "not a JSON object"),
        ("/moved", "a redirect"),
    ],
)
def test_what_is_no_provider_s_answer_is_refused(path: str, why: str, there: str) -> None:
    with ProviderSession() as session, pytest.raises(OAuth2Error, match=why):
        session.get(f"{there}{path}")


def test_in_production_nothing_on_this_machine_is_called(there: str, settings: Settings) -> None:
    """The address that was connected to counts: a name that leads elsewhere each time is caught."""
    settings.HTTPS = True
    url = there.replace("http://127.0.0.1", "https://localhost")

    with ProviderSession() as session, pytest.raises(OAuth2Error, match="no public address"):
        session.get(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:10.0.0.1", "100.64.0.1", "240.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_no_private_address_is_called(address: str) -> None:
    with pytest.raises(ProviderUnreachableError):
        refuse_address(address, scheme="https", is_development=False, allows_private=False)


def test_a_setting_of_the_installation_allows_private_networks_by_https_only() -> None:
    refuse_address("10.1.2.3", scheme="https", is_development=False, allows_private=True)
    refuse_address("93.184.215.14", scheme="https", is_development=False, allows_private=False)
    refuse_address("127.0.0.1", scheme="http", is_development=True, allows_private=False)
    with pytest.raises(ProviderUnreachableError):
        refuse_address("10.1.2.3", scheme="http", is_development=True, allows_private=True)
    with pytest.raises(ProviderUnreachableError):
        refuse_url("http://localhost:8080", is_development=False)
