"""A provider that forges each part of its answer signs in nobody."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from reperform.accounts.actions.providers import ProviderSettings, put_provider
from reperform.accounts.identity_token import IdentityTokenError, claims_of
from reperform.accounts.models import IdentityProvider, Organization, User
from reperform.accounts.permissions import Role
from web.conftest import AT
from web.forging import CLIENT, Forger, Said, forging_provider, key, published

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Forger]:
    with forging_provider() as forger:
        yield forger


@pytest.fixture
def forger(running: Forger) -> Forger:
    running.said = Said()
    return running


@pytest.fixture
def provider(
    forger: Forger, larkspur: Organization, member: Callable[[Role], User]
) -> IdentityProvider:
    member(Role.EMPLOYEE)
    return added(forger, larkspur)


def added(forger: Forger, organization: Organization) -> IdentityProvider:
    said = ProviderSettings(
        kind="oidc", name="Staff", issuer=forger.issuer, client_id=CLIENT, client_secret="s"
    )
    return put_provider(organization=organization, provider=None, said=said, by="test", at=AT)


def asked(client: Client, provider: IdentityProvider, forger: Forger) -> dict[str, str]:
    """Begin to sign in; return the question that the browser carries to the provider."""
    answer = client.get(f"/accounts/oidc/{provider.key}/login/?process=login")
    question = {
        name: values[0]
        for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()
    }
    forger.said.nonce, forger.said.challenge = question["nonce"], question["code_challenge"]
    return question


def brought(client: Client, provider: IdentityProvider, **answer: str) -> Any:  # noqa: ANN401 - a response of the test client
    """Bring the provider's answer back."""
    return client.get(f"/accounts/oidc/{provider.key}/login/callback/?{urlencode(answer)}")


def sign_in(client: Client, provider: IdentityProvider, forger: Forger) -> Any:  # noqa: ANN401 - as above
    question = asked(client, provider, forger)
    return brought(client, provider, code="a code", state=question["state"])


def is_in(client: Client) -> bool:
    return client.get("/o/larkspur/").status_code == 200


def shown(value: object) -> str:
    """Return how a case is named: by the claims that it changes."""
    return " ".join(value) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("EC", "ES256"), ("RSA", "RS256"), ("RSA", "PS512"), ("Ed25519", "EdDSA"), ("P-384", "ES384")],
)
def test_a_token_that_proves_itself_signs_in(
    kind: str, algorithm: str, provider: IdentityProvider, forger: Forger
) -> None:
    """With each way to sign that takes a key pair; else the refusals below would prove nothing."""
    forger.said.keys = [published(kind)]
    forger.said.token = lambda claims: jwt.encode(claims, key(kind), algorithm, {"kid": kind})
    client = Client()

    assert sign_in(client, provider, forger).status_code == 302

    assert is_in(client)
    assert "/jwks" in forger.said.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"azp": CLIENT},
        {"at_hash": "auto"},
        {"exp": lambda said: said["iat"] - 30},
        {"iat": lambda said: said["iat"] + 30},
    ],
    ids=shown,
)
def test_what_openid_allows_besides_is_taken(
    claims: Claims, provider: IdentityProvider, forger: Forger
) -> None:
    """Several audiences that name us as the party, the digest of what came with it, slow clocks."""
    if "at_hash" in claims:
        half = hashlib.sha256(b"an access token").digest()[:16]
        claims = {"at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode()}
    forger.said.claims = claims
    client = Client()

    sign_in(client, provider, forger)

    assert is_in(client)


def test_a_token_without_the_name_of_its_key_is_taken_when_one_key_fits(
    provider: IdentityProvider, forger: Forger
) -> None:
    forger.said.token = lambda claims: jwt.encode(claims, key("EC"), "ES256")
    client = Client()
    sign_in(client, provider, forger)
    assert is_in(client)

    forger.said.keys = [published("EC"), published("EC other")]
    forger.said.asked.clear()
    other = Client()
    assert "2 of the provider's published keys" in refused(other, provider, forger)


def refused(client: Client, provider: IdentityProvider, forger: Forger) -> str:
    """Sign in, see that nobody is in and nothing more was asked; return what the page says."""
    answer = sign_in(client, provider, forger)
    assert answer.status_code == 403, answer.content
    assert not is_in(client)
    assert "/userinfo" not in forger.said.asked
    return unescape(answer.content.decode())


def _alter(claims: Claims) -> str:
    """Another person's name in a token that is signed for this one."""
    head, _, signature = jwt.encode(claims, key("EC"), "ES256", {"kid": "EC"}).split(".")
    body = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "root"}).encode())
    return f"{head}.{body.rstrip(b'=').decode()}.{signature}"


def _public(kind: str, form: Encoding) -> bytes:
    made: bytes = key(kind).public_key().public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
    return made


def _made_by_hand(algorithm: str, claims: Claims, secret: bytes = b"") -> str:
    """As no library makes one: HMAC with what was published as a key, `none` in other letters."""
    parts = [{"alg": algorithm, "typ": "JWT", "kid": "RSA"}, claims]
    text = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    )
    made = hmac.new(secret, text.encode(), hashlib.sha256).digest() if secret else b""
    return f"{text}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def _signed(kind: str, algorithm: str, **header: object) -> Callable[[Claims], str]:
    return lambda claims: jwt.encode(claims, key(kind), algorithm, {"kid": kind, **header})


FORGED: dict[str, tuple[Callable[[Claims], str | None], str]] = {
    "another key under the published name": (
        _signed("EC forged", "ES256", kid="EC"), "Signature verification failed",
    ),
    "a key that is not published": (_signed("EC forged", "ES256"), "0 of the provider's"),
    "a key that the token brings": (
        _signed("EC forged", "ES256", jwk=published("EC forged"), jku="https://evil.example/"),
        "0 of the provider's",
    ),
    "no signature": (
        lambda claims: jwt.encode(claims, "", "none"), "'none', not with a key pair",
    ),
    "no signature, of a published key": (
        lambda claims: jwt.encode(claims, "", "none", {"kid": "EC"}), "not with a key pair",
    ),
    "NONE": (
        lambda claims: _made_by_hand("nOnE", claims), "not with a key pair",
    ),
    "the public key in PEM as a secret": (
        lambda claims: _made_by_hand("HS256", claims, _public("RSA", Encoding.PEM)),
        "not with a key pair",
    ),
    "the public key in DER as a secret": (
        lambda claims: _made_by_hand("HS256", claims, _public("RSA", Encoding.DER)),
        "not with a key pair",
    ),
    "the client's secret": (
        lambda claims: jwt.encode(claims, "s" * 32, "HS256"), "not with a key pair",
    ),
    "an algorithm of another kind of key": (
        _signed("RSA", "RS256", kid="EC"), "0 of the provider's",
    ),
    "an elliptic curve of another algorithm": (
        _signed("P-384", "ES384", kid="EC"), "token was not taken",
    ),
    "altered after it was signed": (_alter, "Signature verification failed"),
    "an extension that nobody understands": (
        _signed("EC", "ES256", crit=["evil"]), "critical extension",
    ),
    "nothing": (lambda _: None, "token was not taken"),
    "no token": (lambda _: "x", "token was not taken"),
    "half a token": (lambda claims: _signed("EC", "ES256")(claims)[:-9], "token was not taken"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_no_published_key_signed_is_refused(
    name: str, provider: IdentityProvider, forger: Forger
) -> None:
    forger.said.token, reason = FORGED[name]

    assert reason in refused(Client(), provider, forger)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("keys", "kind", "reason"),
    [
        ([published("EC", use="enc")], "EC", "0 of the provider's"),
        ([published("EC", alg="ES512")], "EC", "0 of the provider's"),
        ([published("P-384", kid="EC")], "EC", "token was not taken"),
        ([{"kty": "oct", "kid": "EC", "k": "c2VjcmV0"}], "EC", "0 of the provider's"),
        ([{"kty": "EC", "kid": "EC"}], "EC", "token was not taken"),
        ([], "EC", "0 of the provider's"),
        (["EC", 5, None], "EC", "0 of the provider's"),
        ({"EC": "x"}, "EC", "0 of the provider's"),
        ([published("weak")], "weak", "below the minimum"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_key_that_is_not_there_for_it_signs_nothing(
    keys: Any,  # noqa: ANN401 - what a provider may publish
    kind: str,
    reason: str,
    provider: IdentityProvider,
    forger: Forger,
) -> None:
    forger.said.keys = keys
    algorithm = "RS256" if kind == "weak" else "ES256"
    forger.said.token = _signed(kind, algorithm)

    assert reason in refused(Client(), provider, forger)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "Invalid issuer"),
        ({"iss": lambda said: said["iss"] + "/"}, "Invalid issuer"),
        ({"iss": None}, '"iss"'),
        ({"aud": "another"}, "Audience"),
        ({"aud": []}, '"aud"'),
        ({"aud": None}, '"aud"'),
        ({"aud": [CLIENT, "another"]}, "azp"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"exp": lambda said: said["iat"] - 120}, "expired"),
        ({"exp": None}, '"exp"'),
        ({"exp": "soon"}, "exp"),
        ({"iat": lambda said: said["iat"] + 3600}, "not yet valid"),
        ({"iat": None}, '"iat"'),
        ({"nbf": lambda said: said["iat"] + 3600}, "not yet valid"),
        ({"sub": None}, '"sub"'),
        ({"sub": 5}, "Subject must be a string"),
        ({"sub": ""}, "does not say who"),
        ({"sub": "x" * 256}, "does not say who"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": 5}, "nonce"),
        ({"nonce": lambda said: said["nonce"].upper()}, "nonce"),
        ({"at_hash": "of another token"}, "at_hash"),
        ({"at_hash": 5}, "at_hash"),
    ],
    ids=shown,
)
def test_a_token_of_another_issuer_for_somebody_else_or_of_another_time_is_refused(
    claims: Claims, reason: str, provider: IdentityProvider, forger: Forger
) -> None:
    """Each is signed by the provider's own key: only the claim says that it is not for here."""
    forger.said.claims = claims

    assert reason in refused(Client(), provider, forger)
    assert not SocialAccount.objects.exists()


def test_a_token_of_an_earlier_sign_in_is_not_taken_again(
    provider: IdentityProvider, forger: Forger
) -> None:
    """Stolen from Ana's answer, brought within its time, signed by the right key."""
    sign_in(Client(), provider, forger)
    stolen = forger.said.given[-1]
    forger.said.token = lambda _: stolen
    forger.said.asked.clear()

    assert "nonce" in refused(Client(), provider, forger)


def test_a_question_is_answered_once_and_in_the_browser_that_asked(
    provider: IdentityProvider, forger: Forger, larkspur: Organization
) -> None:
    """A state opens nothing twice, nothing elsewhere, and nothing at another provider."""
    client, elsewhere = Client(), Client()
    state = asked(client, provider, forger)["state"]

    assert brought(elsewhere, provider, code="c", state=state).status_code == 401
    assert brought(client, provider, code="c").status_code == 401
    assert brought(client, provider, code="c", state="made up").status_code == 401
    second = added(forger, larkspur)
    assert brought(client, second, code="c", state=state).status_code == 401
    assert "/token" not in forger.said.asked
    assert brought(client, provider, code="c", state=state).status_code == 302
    client.post("/accounts/logout/")
    assert brought(client, provider, code="c", state=state).status_code == 401
    assert not is_in(client)


def test_a_code_is_redeemed_by_the_browser_that_asked_for_it_only(
    provider: IdentityProvider, forger: Forger
) -> None:
    """PKCE: a code that somebody else's question gave does not open this one (RFC 7636)."""
    mine, theirs = Client(), Client()
    question = asked(mine, provider, forger)
    assert (question["code_challenge_method"], question["response_type"]) == ("S256", "code")
    assert question["nonce"] != question["state"]
    asked(theirs, provider, forger)

    answer = brought(mine, provider, code="of theirs", state=question["state"])

    assert answer.status_code == 401
    assert not forger.said.given
    assert not is_in(mine)


def test_an_answer_that_names_another_issuer_is_refused(
    provider: IdentityProvider, forger: Forger
) -> None:
    """Mixed up providers: RFC 9207."""
    client = Client()
    state = asked(client, provider, forger)["state"]
    mixed = brought(client, provider, code="c", state=state, iss="https://evil.example")
    assert mixed.status_code == 401
    assert "/token" not in forger.said.asked

    state = asked(client, provider, forger)["state"]
    brought(client, provider, code="c", state=state, iss=forger.issuer)
    assert is_in(client)


@pytest.mark.parametrize("told", [{"sub": "root"}, {"sub": None}])
def test_what_is_told_besides_is_of_the_same_person(
    told: Claims, provider: IdentityProvider, forger: Forger
) -> None:
    forger.said.userinfo = told
    client = Client()

    assert sign_in(client, provider, forger).status_code == 403
    assert not is_in(client)


def test_a_linked_person_is_not_signed_in_by_a_forged_token_either(
    provider: IdentityProvider, forger: Forger
) -> None:
    """Who is known already is no easier prey."""
    sign_in(Client(), provider, forger)
    assert SocialAccount.objects.exists()
    forger.said = Said(token=FORGED["no signature"][0])

    assert "key pair" in refused(Client(), provider, forger)


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_no_text_is_more_than_refused(text: str) -> None:
    """Whatever stands where a token should be, it is an answer for people, never a crash."""
    with pytest.raises(IdentityTokenError):
        claims_of(text, keys={}, issuer="i", client_id="c", nonce="n", access_token="a")


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ", "b64"]), st.one_of(
    st.none(), st.integers(), st.text(), st.lists(st.text()), st.booleans()
)))  # fmt: skip
def test_no_header_is_more_than_refused(header: dict[str, object]) -> None:
    parts = [json.dumps(header).encode(), b'{"sub": "x"}', b"signature"]
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    keys = {"keys": [published("EC"), published("RSA")]}

    with pytest.raises(IdentityTokenError):
        claims_of(text, keys=keys, issuer="i", client_id="c", nonce="n", access_token="a")
