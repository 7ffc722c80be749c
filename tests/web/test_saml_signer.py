"""Assertions that another library signed, and how much may be sent before it is judged.

`test_saml.py` signs with the library that judges: what both misread alike, it could not show.
Here signxml signs, which shares no XML signature code with it.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.sessions.models import Session
from django.test import Client
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from reperform.accounts.actions.providers import ProviderSettings, put_provider
from reperform.accounts.models import IdentityProvider, Organization, User
from reperform.accounts.permissions import Role
from reperform.web.saml_answers import LARGEST
from web.conftest import AT
from web.test_saml import ENTITY, SSO, IdentityProviderOfTheTest, begin, browser, deliver, is_in

NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


@pytest.fixture(scope="module")
def idp() -> IdentityProviderOfTheTest:
    return IdentityProviderOfTheTest()


@pytest.fixture
def provider(
    idp: IdentityProviderOfTheTest, larkspur: Organization, member: Callable[[Role], User]
) -> IdentityProvider:
    member(Role.ADMINISTRATOR)
    member(Role.EMPLOYEE)
    return put_provider(
        organization=larkspur,
        provider=None,
        said=ProviderSettings(
            kind="saml", name="Staff", issuer=ENTITY, sign_in_url=SSO, certificate=idp.pem
        ),
        by="test",
        at=AT,
    )


def signed(assertion: str, key: rsa.RSAPrivateKey, certificate: str) -> str:
    """Return the assertion with an enveloped signature after its issuer, as SAML wants it.

    Source: SAML 2.0 core, section 5.4; XML Signature, exclusive canonicalization.
    """
    whole = etree.fromstring(assertion.encode())
    place = etree.SubElement(whole, f"{{{NAMES['ds']}}}Signature", nsmap={"ds": NAMES["ds"]})
    place.set("Id", "placeholder")
    issuer = whole.find("saml:Issuer", NAMES)
    issuer.addnext(place)
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    done = signer.sign(whole, key=key, cert=[certificate], reference_uri=whole.get("ID"))
    return str(etree.tostring(done, encoding="unicode"))


def test_an_assertion_that_another_library_signed_signs_in(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    client = browser()
    asked = begin(client, provider)
    assertion = signed(idp.assertion(asked, provider.key), idp.key, idp.pem)

    deliver(client, provider, idp.response(asked, provider.key, assertion))

    assert is_in(client)


def test_one_signed_with_another_key_under_the_right_certificate_is_refused(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    """The certificate in the assertion is the provider's, and vouches for nothing."""
    other = IdentityProviderOfTheTest()
    for certificate in (idp.pem, other.pem):
        client = browser()
        asked = begin(client, provider)
        assertion = signed(idp.assertion(asked, provider.key), other.key, certificate)

        answer = deliver(client, provider, idp.response(asked, provider.key, assertion))

        assert answer.status_code == 401
        assert not is_in(client)


def test_one_that_was_altered_after_signing_is_refused(
    idp: IdentityProviderOfTheTest, provider: IdentityProvider
) -> None:
    client = browser()
    asked = begin(client, provider)
    assertion = signed(idp.assertion(asked, provider.key), idp.key, idp.pem)
    altered = assertion.replace("employee@larkspur", "administrator@larkspur")
    assert altered != assertion

    answer = deliver(client, provider, idp.response(asked, provider.key, altered))

    assert answer.status_code == 401
    assert not is_in(client)


def send(client: Client, key: str, content: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(f"/accounts/saml/{key}/acs/", {"SAMLResponse": content})


def test_what_is_too_large_or_for_nobody_is_not_kept(provider: IdentityProvider) -> None:
    """Nothing is in the database for it: it would be there before anybody judges it."""
    for key, size, status in (
        (provider.key, LARGEST, 422),
        (provider.key, 2_400_000, 422),
        ("nobody", 10, 404),
    ):
        answer = send(Client(enforce_csrf_checks=True), key, "A" * size)
        assert answer.status_code == status, (key, size)
    assert Client().get(f"/accounts/saml/{provider.key}/acs/").status_code == 405

    assert not Session.objects.exists()


def test_what_is_kept_until_it_is_judged_is_gone_afterwards(provider: IdentityProvider) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = send(client, provider.key, os.urandom(50_000).hex())
    assert answer.status_code == 302
    assert Session.objects.exists()

    assert client.get(answer.headers["Location"]).status_code in (401, 502)

    assert not Session.objects.exists()
