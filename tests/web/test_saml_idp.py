"""Signing in at a whole identity provider that shares no SAML code with the one that judges.

pysaml2 reads our metadata and our request, decides, and answers; it signs with xmlsec1, a program.
What both sides of `test_saml.py` could misread alike, is read here by another.
"""

import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from cryptography.utils import CryptographyDeprecationWarning
from django.test import Client

from reperform.accounts.actions.providers import ProviderSettings, put_provider
from reperform.accounts.models import IdentityProvider, Organization, User
from reperform.accounts.permissions import Role
from reperform.accounts.saml_metadata import read_metadata
from web.conftest import AT
from web.test_saml import ENTITY, SSO, IdentityProviderOfTheTest, browser, deliver, is_in

with warnings.catch_warnings():
    # pysaml2 names a cipher where `cryptography` had it before; nothing here uses that one.
    warnings.simplefilter("ignore", CryptographyDeprecationWarning)
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
    from saml2.config import IdPConfig
    from saml2.metadata import entity_descriptor
    from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NameID
    from saml2.server import Server
    from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

XMLSEC = shutil.which("xmlsec1")
ADDRESS = "employee@larkspur.example"


@pytest.fixture(autouse=True)
def xmlsec() -> None:
    """The program that signs.  Under CI=true a missing one fails."""
    if XMLSEC is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no xmlsec1, and CI must not skip what it signs")
        pytest.skip("there is no xmlsec1: apt-get install xmlsec1")


class Idp:
    """A provider, the organization that signs in by it, and its keys in a folder."""

    def __init__(self, folder: Path, keys: IdentityProviderOfTheTest) -> None:
        self.folder = folder
        (folder / "key.pem").write_text(keys.key_pem)
        (folder / "certificate.pem").write_text(keys.pem)

    def server(self, *known: str) -> Server:
        """Return the provider, which knows the services whose metadata is given."""
        return Server(
            config=IdPConfig().load(
                {
                    "entityid": ENTITY,
                    "service": {
                        "idp": {
                            "endpoints": {"single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)]},
                            "policy": {"default": {"lifetime": {"minutes": 5}}},
                        }
                    },
                    "key_file": str(self.folder / "key.pem"),
                    "cert_file": str(self.folder / "certificate.pem"),
                    "xmlsec_binary": XMLSEC,
                    "metadata": {"inline": list(known)},
                }
            )
        )

    def answer(
        self,
        server: Server,
        location: str,
        address: str,
        *,
        is_signed: bool = True,
        algorithm: str = SIG_RSA_SHA256,
    ) -> str:
        """Return what the provider answers to our request, which it reads from our redirect."""
        sent = location.partition("SAMLRequest=")[2].partition("&")[0]
        asked = server.parse_authn_request(unquote(sent), BINDING_HTTP_REDIRECT).message
        to = server.response_args(asked, [BINDING_HTTP_POST])
        return str(
            server.create_authn_response(
                {"mail": [address]},
                in_response_to=to["in_response_to"],
                destination=to["destination"],
                sp_entity_id=to["sp_entity_id"],
                name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=address),
                authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
                sign_assertion=is_signed,
                sign_response=False,
                sign_alg=algorithm,
                digest_alg=DIGEST_SHA256,
            )
        )


@pytest.fixture
def idp(tmp_path: Path) -> Idp:
    return Idp(tmp_path, IdentityProviderOfTheTest())


@pytest.fixture
def provider(idp: Idp, larkspur: Organization, member: Callable[[Role], User]) -> IdentityProvider:
    """The provider as an administrator adds it: from the metadata that it publishes itself."""
    member(Role.ADMINISTRATOR)
    member(Role.EMPLOYEE)
    published = str(entity_descriptor(idp.server().config))
    read = read_metadata(published)
    assert (read.entity_id, read.sign_in_url) == (ENTITY, SSO)
    return put_provider(
        organization=larkspur,
        provider=None,
        said=ProviderSettings(
            kind="saml",
            name="Staff",
            issuer=read.entity_id,
            sign_in_url=read.sign_in_url,
            certificate=read.certificate,
        ),
        by="test",
        at=AT,
    )


def known(client: Client, provider: IdentityProvider) -> str:
    """Return our own metadata, as the provider would load it."""
    return client.get(f"/accounts/saml/{provider.key}/metadata/").content.decode()


def sign_in(idp: Idp, provider: IdentityProvider, address: str, **more: Any) -> Client:  # noqa: ANN401 - of `answer`
    client = browser()
    server = idp.server(known(client, provider))
    location = client.get(f"/accounts/saml/{provider.key}/login/?process=login").headers["Location"]
    deliver(client, provider, idp.answer(server, location, address, **more))
    return client


def test_a_member_signs_in_at_a_provider_that_read_our_metadata_and_our_request(
    idp: Idp, provider: IdentityProvider
) -> None:
    """The address is a member's, and the assertion is signed: they are in."""
    assert is_in(sign_in(idp, provider, ADDRESS))


def test_somebody_who_is_no_member_gets_in_nowhere(idp: Idp, provider: IdentityProvider) -> None:
    """The provider vouches for them; the organization does not know them."""
    assert not is_in(sign_in(idp, provider, "nobody@larkspur.example"))


def test_what_the_provider_did_not_sign_opens_nothing(idp: Idp, provider: IdentityProvider) -> None:
    """Everything is as it should be, and no signature says that it is the provider's."""
    assert not is_in(sign_in(idp, provider, ADDRESS, is_signed=False))


def test_a_signature_over_sha_1_opens_nothing(idp: Idp, provider: IdentityProvider) -> None:
    """Whoever makes two texts with one digest has the signature of both: RFC 9155."""
    assert not is_in(sign_in(idp, provider, ADDRESS, algorithm=SIG_RSA_SHA1))


def test_a_provider_with_another_key_opens_nothing(
    idp: Idp, provider: IdentityProvider, tmp_path: Path
) -> None:
    """The same name, the same addresses, a key that the administrator never added."""
    (tmp_path / "other").mkdir()
    other = Idp(tmp_path / "other", IdentityProviderOfTheTest())
    assert not is_in(sign_in(other, provider, ADDRESS))
