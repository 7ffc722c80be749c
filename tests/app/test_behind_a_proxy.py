"""A real server behind a real nginx that does TLS, and what forged headers reach: nothing."""

import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest

from app import nginx
from outside import Browser, free_port, run_reperform, serving

pytestmark = pytest.mark.enable_socket

PASSWORD = "correct horse battery staple"
ANA = "ana@larkspur.example"
ACCOUNT = {"name": "Ana Diaz", "email": ANA, "password": PASSWORD, "again": PASSWORD}
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "81",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=http;host=evil.example",
}


def client(
    url: str,
    headers: dict[str, str] | None = None,
    *,
    whence: str = "127.0.0.1",
    ca: Path | None = None,
) -> httpx.Client:
    """Return a browser on address `whence` of this machine; it leaves no connection open."""
    return httpx.Client(
        base_url=url,
        headers=headers,
        transport=httpx.HTTPTransport(
            verify=ssl.create_default_context(cafile=str(ca) if ca else None),
            local_address=whence,
            limits=httpx.Limits(max_keepalive_connections=0),
        ),
        follow_redirects=True,
        timeout=60,
    )


@dataclass
class Team:
    """An installation for a team: what commands need, and what browsers need."""

    home: Path
    environment: dict[str, str]
    https: int
    http: int
    direct: str
    certificate: Path

    @property
    def url(self) -> str:
        return f"https://{nginx.NAME}:{self.https}"

    def visitor(self, whence: str, headers: dict[str, str] | None = None) -> "Visitor":
        return Visitor(self, whence, headers or {})


class Visitor:
    """A browser on another address of this machine, that comes through the proxy."""

    def __init__(self, team: Team, whence: str, headers: dict[str, str]) -> None:
        self.client = client(
            f"https://127.0.0.1:{team.https}",
            {"Host": f"{nginx.NAME}:{team.https}", **headers},
            whence=whence,
            ca=team.certificate,
        )
        self.origin = team.url

    def get(self, path: str) -> httpx.Response:
        # The name is in no directory: the certificate is judged against it all the same.
        return self.client.get(path, extensions={"sni_hostname": nginx.NAME})

    def post(self, path: str, *, origin: str = "", **fields: str) -> httpx.Response:
        """Send a form of a page, as browsers do: with its token, and whence it comes."""
        return self.client.post(
            path,
            data={"csrfmiddlewaretoken": _token(self.get(path).text), **fields},
            headers={"Origin": origin or self.origin},
            extensions={"sni_hostname": nginx.NAME},
        )

    def sign_in(self, password: str = PASSWORD, address: str = ANA) -> httpx.Response:
        return self.post("/accounts/login/", login=address, password=password, next="/")


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return found[1]


def _addresses(page: str) -> set[str]:
    """Return the addresses that a page of sessions shows."""
    assert "Your sessions" in page
    return set(re.findall(r"<td>([\da-f.:]+)</td>", page))


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The two servers, and Ana, the first administrator.  Under CI=true a missing nginx fails."""
    if nginx.program() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no nginx, and CI must not skip what runs behind it")
        pytest.skip("there is no nginx: apt-get install nginx")
    home, folder = tmp_path_factory.mktemp("team"), tmp_path_factory.mktemp("nginx")
    https, http, port = free_port(), free_port(), free_port()
    environment = {
        "REPERFORM_URL": f"https://{nginx.NAME}:{https}",
        "REPERFORM_PROXY": "127.0.0.1",
    }
    with (
        serving("serve", home=home, port=port, env=environment) as server,
        nginx.proxying(folder, https=https, http=http, to=port) as certificate,
    ):
        made = Team(home, environment, https, http, server.url, certificate)
        assert f"{made.url}/invitation/" in server.said
        joined = made.visitor("127.0.0.9").post(server.link(), **ACCOUNT)
        assert "/o/our-organization/" in str(joined.url), joined.text
        yield made


def test_a_person_signs_in_by_https_and_is_listed_with_their_address(team: Team) -> None:
    ana = team.visitor("127.0.0.2")

    inside = ana.sign_in()

    assert inside.status_code == 200
    assert inside.url.path == "/o/our-organization/"
    assert "127.0.0.2" in _addresses(ana.get("/accounts/sessions/").text)


def test_cookies_travel_by_https_only_and_browsers_are_told_to_keep_to_it(team: Team) -> None:
    ana = team.visitor("127.0.0.2")

    answer = ana.sign_in()

    told = [cookie for each in (*answer.history, answer) for cookie in
            each.headers.get_list("set-cookie")]  # fmt: skip
    names = {cookie.split("=")[0] for cookie in told}
    assert {"sessionid", "csrftoken"} <= names
    kept = [cookie for cookie in told if "Max-Age=0" not in cookie]  # the others are deletions
    assert all("; Secure" in cookie for cookie in kept), kept
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_leads_to_https(team: Team) -> None:
    answer = httpx.get(f"http://127.0.0.1:{team.http}/o/x/", headers={"Host": nginx.NAME})

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{nginx.NAME}/o/x/"


def test_a_form_of_another_site_is_refused(team: Team) -> None:
    ana = team.visitor("127.0.0.2")

    for origin in ("https://evil.example", f"http://{nginx.NAME}:{team.https}", "null"):
        refused = ana.post("/accounts/login/", origin=origin, login=ANA, password=PASSWORD)
        assert refused.status_code == 403, origin


def test_a_visitor_cannot_claim_another_address_or_scheme(team: Team) -> None:
    """Every header of the kind is sent along: it reaches nothing through the proxy."""
    ana = team.visitor("127.0.0.3", FORGED)

    inside = ana.sign_in()
    listed = ana.get("/accounts/sessions/")

    assert inside.status_code == 200
    assert "127.0.0.3" in _addresses(listed.text)
    assert "203.0.113.9" not in listed.text
    assert listed.headers["Strict-Transport-Security"]  # still by HTTPS


def test_who_goes_around_the_proxy_is_not_believed(team: Team) -> None:
    """Another address claims to have come by HTTPS from elsewhere: it came by neither."""
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    around = client(team.direct, claims, whence="127.0.0.4").get("/accounts/login/")
    proxy = client(team.direct, claims, whence="127.0.0.1").get("/accounts/login/")

    assert around.status_code == proxy.status_code == 200
    assert "Strict-Transport-Security" not in around.headers
    assert "Strict-Transport-Security" in proxy.headers  # from the proxy's address it counts


def test_of_several_addresses_the_one_that_the_proxy_added_counts(team: Team) -> None:
    """As with `$proxy_add_x_forwarded_for`, which leaves what the visitor claimed before it."""
    claims = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    headers = {"Host": f"{nginx.NAME}:{team.https}", "Origin": team.url, **claims}
    ana = client(team.direct, headers)
    ana.follow_redirects = False
    form = ana.get("/accounts/login/")
    cookies = {"csrftoken": form.cookies["csrftoken"]}

    fields = {"csrfmiddlewaretoken": _token(form.text), "login": ANA, "password": PASSWORD}
    signed = ana.post("/accounts/login/", data=fields, headers={"Cookie": _cookie(cookies)})
    session = _cookie({"sessionid": signed.cookies["sessionid"]})
    listed = ana.get("/accounts/sessions/", headers={"Cookie": session})

    assert "198.51.100.7" in _addresses(listed.text)
    assert "203.0.113.9" not in listed.text


def _cookie(values: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in values.items())


def test_one_visitor_guessing_passwords_does_not_lock_out_another(team: Team) -> None:
    """The shipped limit of ten a minute from one address, which all shared before."""
    guesser = team.visitor("127.0.0.5", {"X-Forwarded-For": "203.0.113.10"})
    for number in range(10):
        guesser.sign_in("wrong", f"nobody{number}@larkspur.example")

    refused = guesser.sign_in()

    assert "Too many failed login attempts" in refused.text
    assert team.visitor("127.0.0.6").sign_in().url.path == "/o/our-organization/"


def test_commands_print_links_to_the_address_that_browsers_use(team: Team) -> None:
    ran = run_reperform("member", "link", ANA, home=team.home, env=team.environment)

    assert ran.out.startswith(f"{team.url}/accounts/password/reset/key/"), ran.err


def test_without_the_setting_nobody_is_believed(tmp_path: Path) -> None:
    """Not even this machine: the address of the connection is listed, and its scheme holds."""
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https",
              "X-Forwarded-Host": "evil.example"}  # fmt: skip
    with serving("serve", home=tmp_path, port=free_port()) as browser:
        browser.post(browser.link(), **ACCOUNT)
        ana = client(browser.url, claims)
        _sign_in(ana)
        listed = ana.get("/accounts/sessions/")
    with serving("serve", home=tmp_path, port=free_port(), env={"REPERFORM_HTTPS": "1"}) as again:
        answer = client(again.url, claims).get("/accounts/login/")

    assert _addresses(listed.text) == {"127.0.0.1"}
    assert "203.0.113.9" not in listed.text
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers


def _sign_in(client: httpx.Client) -> None:
    form = client.get("/accounts/login/")
    fields = {"csrfmiddlewaretoken": _token(form.text), "login": ANA, "password": PASSWORD}
    assert client.post("/accounts/login/", data=fields).status_code == 200


def test_links_of_commands_lead_to_the_port_where_the_server_listens(tmp_path: Path) -> None:
    """A way back by `member link`, and an organization by `organization add`: both are opened."""
    with serving("serve", home=tmp_path, port=free_port()) as browser:
        browser.post(browser.link(), **ACCOUNT)
        way_back = run_reperform("member", "link", ANA, home=tmp_path).out.strip()
        founded = run_reperform(
            *("organization", "add", "Second", "--administrator", "bo@second.example"),
            home=tmp_path,
        ).out.strip()
        assert way_back.startswith(f"{browser.url}/accounts/password/reset/key/")
        assert founded.startswith(f"{browser.url}/invitation/")
        _another_password_by(way_back, browser)
        _first_administrator_by(founded, browser)


def _another_password_by(link: str, server: Browser) -> None:
    fresh = Browser(server.url, "")
    form = client(server.url)
    page = form.get(link)
    new = "another horse battery staple"
    done = form.post(
        str(page.url),
        data={"csrfmiddlewaretoken": _token(page.text), "password1": new, "password2": new},
    )
    assert done.status_code == 200
    assert "Your sessions" not in fresh.get("/accounts/sessions/")  # nobody is in without it

    fresh.post("/accounts/login/", login=ANA, password=PASSWORD, next="/")
    assert "Your sessions" not in fresh.get("/accounts/sessions/")
    fresh.post("/accounts/login/", login=ANA, password=new, next="/")
    assert "Your sessions" in fresh.get("/accounts/sessions/")
    again = client(server.url).get(link)
    assert 'name="password1"' not in again.text  # once


def _first_administrator_by(link: str, server: Browser) -> None:
    bo = Browser(server.url, "")
    path = link.removeprefix(server.url)
    account = ACCOUNT | {"name": "Bo Lind", "email": "bo@second.example"}
    overview = unescape(bo.post(path, **account))
    assert 'href="/o/second/' in overview
    assert bo.status("/o/second/members/") == 200
    assert bo.status("/o/our-organization/") == 404
    assert Browser(server.url, "").status(path) == 422  # it works once
