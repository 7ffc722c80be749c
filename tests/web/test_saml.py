"""Signing in by SAML: what a provider signed for us, now, once, and nothing else."""

import base64
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Xml

from reperform.accounts.actions.providers import ProviderSettings, put_provider
from reperform.accounts.models import IdentityProvider, Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.accounts.saml_metadata import MetadataRefusedError, read_metadata
from web.conftest import AT

ENTITY = "https://idp.example/metadata"
SSO = "https://idp.example/sso"


class IdentityProviderOfTheTest:
    """A provider with a key of its own, that says what a test wants it to."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def base64(self) -> str:
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def metadata(self) -> str:
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
            xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{ENTITY}">
          <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
              {self.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
            <md:SingleSignOnService Location="{SSO}"
              Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
          </md:IDPSSODescriptor></md:EntityDescriptor>"""

    def assertion(self, asked: str, key: str, **other: str) -> str:
        """Return an assertion for who asked, not signed yet."""
        now = datetime.now(UTC)
        acs = f"http://testserver/accounts/saml/{key}/acs/"
        said = {
            "id": "_a1",
            "address": "employee@larkspur.example",
            "audience": f"http://testserver/accounts/saml/{key}/metadata/",
            "recipient": acs,
            "issuer": ENTITY,
            "until": f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
            "from": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
            **other,
        }
        return f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"
            ID="{said["id"]}" IssueInstant="{said["from"]}">
          <saml:Issuer>{said["issuer"]}</saml:Issuer><saml:Subject>
          <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
            >{said["address"]}</saml:NameID>
            <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
              <saml:SubjectConfirmationData InResponseTo="{asked}" Recipient="{said["recipient"]}"
                NotOnOrAfter="{said["until"]}"/></saml:SubjectConfirmation></saml:Subject>
          <saml:Conditions NotBefore="{said["from"]}" NotOnOrAfter="{said["until"]}">
            <saml:AudienceRestriction><saml:Audience>{said["audience"]}</saml:Audience>
            </saml:AudienceRestriction></saml:Conditions>
          <saml:AuthnStatement AuthnInstant="{said["from"]}"><saml:AuthnContext>
            <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password
            </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
        </saml:Assertion>"""

    def signed(self, assertion: str) -> str:
        done = Xml.add_sign(
            assertion, self.key_pem, self.pem,
            sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256,
        )  # fmt: skip
        return done.decode() if isinstance(done, bytes) else str(done)

    def response(self, asked: str, key: str, *assertions: str) -> str:
        inside = "".join(each.removeprefix('<?xml version="1.0"?>').strip() for each in assertions)
        return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
            xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0"
            IssueInstant="{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" InResponseTo="{asked}"
            Destination="http://testserver/accounts/saml/{key}/acs/">
          <saml:Issuer>{ENTITY}</saml:Issuer>
          <samlp:Status><samlp:StatusCode
            Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{inside}</samlp:Response>"""


@pytest.fixture(scope="module")
def idp() -> IdentityProviderOfTheTest:
    return IdentityProviderOfTheTest()


@pytest.fixture
def provider(idp: IdentityProviderOfTheTest, larkspur: Organization) -> IdentityProvider:
    read = read_metadata(idp.metadata())
    return put_provider(
        organization=larkspur,
        provider=None,
        said=ProviderSettings(
            kind="saml", name="Staff", issuer=read.entity_id,
            sign_in_url=read.sign_in_url, certificate=read.certificate,
        ),
        by="test",
        at=AT,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def ana(member: Callable[[Role], User]) -> User:
    member(Role.ADMINISTRATOR)
    return member(Role.EMPLOYEE)


def browser() -> Client:
    return Client(headers={"Host": "testserver"})


def begin(client: Client, provider: IdentityProvider) -> str:
    """Ask to sign in; return the id of the request that the provider gets."""
    answer = client.get(f"/accounts/saml/{provider.key}/login/?process=login")
    assert answer.status_code == 302
    where = urlsplit(answer.headers["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == SSO
    sent = base64.b64decode(parse_qs(where.query)["SAMLRequest"][0])
    return str(etree.fromstring(zlib.decompress(sent, -15)).get("ID"))


def deliver(client: Client, provider: IdentityProvider, response: str) -> Any:  # noqa: ANN401 - a response of the test client
    url = f"/accounts/saml/{provider.key}/acs/"
    body = {"SAMLResponse": base64.b64encode(response.encode()).decode()}
    return client.get(client.post(url, body).headers["Location"])


def is_in(client: Client) -> bool:
    return client.get("/o/larkspur/").status_code == 200


def test_a_member_signs_in_by_a_signed_assertion(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    client = browser()
    asked = begin(client, provider)

    deliver(
        client,
        provider,
        idp.response(asked, provider.key, idp.signed(idp.assertion(asked, provider.key))),
    )

    assert is_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "https://other.example/metadata"},
        {"recipient": "https://other.example/acs"},
        {"issuer": "https://other.example/idp"},
        {"until": "2020-01-01T00:00:00Z"},
        {"from": "2089-01-01T00:00:00Z"},
        {"address": "nobody@larkspur.example"},
    ],
    ids=str,
)
def test_an_assertion_for_another_place_or_time_is_refused(
    wrong: dict[str, str], idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    """Signed by the right key: for another audience, too late, too early, for nobody here."""
    client = browser()
    asked = begin(client, provider)
    signed = idp.signed(idp.assertion(asked, provider.key, **wrong))

    answer = deliver(client, provider, idp.response(asked, provider.key, signed))

    assert answer.status_code in (401, 403)
    assert not is_in(client)


def test_an_assertion_without_a_signature_or_with_another_key_is_refused(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    for sign in (lambda text: text, IdentityProviderOfTheTest().signed):
        client = browser()
        asked = begin(client, provider)
        response = idp.response(asked, provider.key, sign(idp.assertion(asked, provider.key)))

        assert deliver(client, provider, response).status_code == 401
        assert not is_in(client)


def test_a_signed_assertion_that_was_altered_is_refused(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    client = browser()
    asked = begin(client, provider)
    signed = idp.signed(idp.assertion(asked, provider.key))
    altered = signed.replace("employee@larkspur", "administrator@larkspur")
    assert altered != signed

    assert deliver(client, provider, idp.response(asked, provider.key, altered)).status_code == 401
    assert not is_in(client)


@pytest.mark.parametrize("evil_first", [True, False])
@pytest.mark.parametrize("same_id", [True, False])
def test_a_signature_wrapped_around_another_assertion_is_refused(
    same_id: bool,  # noqa: FBT001 - a case of the test
    evil_first: bool,  # noqa: FBT001 - a case of the test
    idp: IdentityProviderOfTheTest,
    provider: IdentityProvider,
) -> None:
    """A good assertion beside a forged one: neither the forged nor the good one signs in.

    Source: Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012.
    """
    client = browser()
    asked = begin(client, provider)
    good = idp.signed(idp.assertion(asked, provider.key))
    forged = idp.assertion(
        asked, provider.key, address="administrator@larkspur.example", id="_a1" if same_id else "_e"
    )
    both = (forged, good) if evil_first else (good, forged)

    assert deliver(client, provider, idp.response(asked, provider.key, *both)).status_code == 401
    assert not is_in(client)


def test_a_comment_in_an_address_does_not_cut_it(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    """A signed address with a comment is read whole: else its first half would be somebody."""
    client = browser()
    asked = begin(client, provider)
    text = "administrator@larkspur.example<!-- -->.evil.example"
    signed = idp.signed(idp.assertion(asked, provider.key, address=text))

    answer = deliver(client, provider, idp.response(asked, provider.key, signed))

    assert answer.status_code in (401, 403)
    assert not is_in(client)


def test_a_response_is_used_once_and_only_by_who_asked(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    """Neither replayed, nor delivered to another browser, nor sent without a question."""
    client, other = browser(), browser()
    asked = begin(client, provider)
    response = idp.response(asked, provider.key, idp.signed(idp.assertion(asked, provider.key)))

    deliver(other, provider, response)
    assert not is_in(other)
    deliver(client, provider, response)
    assert is_in(client)
    client.post("/accounts/logout/")
    deliver(client, provider, response)
    assert not is_in(client)
    begin(client, provider)
    deliver(client, provider, response)
    assert not is_in(client)


def test_a_provider_never_opens_an_account_of_another_organization(
    idp: IdentityProviderOfTheTest,
    provider: IdentityProvider,
    larkspur: Organization,
    stranger: User,
) -> None:
    """As with OpenID Connect: not even of who was made a member here too."""
    Membership.objects.create(user=stranger, organization=larkspur, role="employee", since=AT)
    client = browser()
    asked = begin(client, provider)
    signed = idp.signed(idp.assertion(asked, provider.key, address=stranger.email))

    answer = deliver(client, provider, idp.response(asked, provider.key, signed))

    assert answer.status_code == 403
    assert "belongs to another organization too" in unescape(answer.content.decode())
    assert client.get("/o/other/").status_code == 302


def test_what_is_no_response_is_a_page_and_not_an_error(provider: IdentityProvider) -> None:
    for body in ("", "x", "{}", "<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        assert deliver(browser(), provider, body).status_code in (401, 502)


def test_our_metadata_names_where_answers_go(provider: IdentityProvider) -> None:
    answer = browser().get(f"/accounts/saml/{provider.key}/metadata/")

    assert f"/accounts/saml/{provider.key}/acs/" in answer.content.decode()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: text[1:], "not plain XML"),
        (lambda text: f"<!DOCTYPE a [<!ENTITY b 'c'>]>{text}", "not plain XML"),
        (lambda text: text.replace("IDPSSODescriptor", "SPSSODescriptor"), "0 identity providers"),
        (lambda text: text.replace("HTTP-Redirect", "SOAP"), "HTTP-Redirect address is missing"),
        (lambda text: text.replace(f'entityID="{ENTITY}"', ""), "entityID is missing"),
        (lambda text: text.replace("MII", "xxx"), "certificate cannot be read"),
        (lambda text: text.replace('use="signing"', 'use="encryption"'), "no certificate"),
        (lambda text: text + " " * 200_001, "more than 200,000"),
    ],
)
def test_metadata_that_describes_no_provider_is_refused(
    spoil: Callable[[str], str], why: str, idp: IdentityProviderOfTheTest
) -> None:
    with pytest.raises(MetadataRefusedError, match=why):
        read_metadata(spoil(idp.metadata()))


def test_a_provider_is_added_by_its_metadata(
    idp: IdentityProviderOfTheTest,
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    client = signed_in(member(Role.ADMINISTRATOR))
    url = "/o/larkspur/settings/providers/saml/"
    assert client.post(url, {"name": "X", "metadata": "<a/>"}).status_code == 422

    made = client.post(url, {"name": "Entra", "metadata": idp.metadata()})

    page = client.get(made.headers["Location"]).content.decode()
    kept = IdentityProvider.objects.get()
    assert (kept.issuer, kept.sign_in_url) == (ENTITY, SSO)
    assert f"/accounts/saml/{kept.key}/acs/" in page
