"""What a SAML provider's metadata says of it.  Source: OASIS SAML 2.0 Metadata, 2.4.3."""

import base64
import binascii
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from cryptography.x509 import load_der_x509_certificate
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from reperform.base.refusal import RefusalError

LARGEST = 200_000
_MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class MetadataRefusedError(RefusalError):
    """The XML does not describe a provider that people can sign in by."""

    slug = "metadata-refused"


@dataclass(frozen=True, slots=True)
class Metadata:
    """A provider: its entity id, where it is asked, and its certificate (base64 of DER)."""

    entity_id: str
    sign_in_url: str
    certificate: str


def read_metadata(text: str) -> Metadata:
    """Return what the metadata of one provider says.

    Raises:
        MetadataRefusedError: it is not XML, has a DTD or entities, is of no identity provider, or
            lacks an address for redirects or a certificate for signatures.
    """
    if len(text) > LARGEST:
        raise _refused(f"it has more than {LARGEST:,} characters")
    try:
        root = fromstring(text.strip(), forbid_dtd=True)
    except (ParseError, ValueError, DefusedXmlException, RecursionError) as error:
        raise _refused(f"it is not plain XML ({type(error).__name__})") from error
    entities = [root] if root.tag == f"{_MD}EntityDescriptor" else []
    entities += root.findall(f"{_MD}EntityDescriptor")
    found = [(each, each.find(f"{_MD}IDPSSODescriptor")) for each in entities]
    providers = [(each, part) for each, part in found if part is not None]
    if len(providers) != 1:
        raise _refused(f"it describes {len(providers)} identity providers, and one is needed")
    entity, described = providers[0]
    return Metadata(
        entity_id=_bounded(entity.get("entityID"), "its entityID"),
        sign_in_url=_bounded(_redirect_url(described), "its HTTP-Redirect address"),
        certificate=_certificate(described),
    )


def _redirect_url(described: Element) -> str | None:
    for service in described.findall(f"{_MD}SingleSignOnService"):
        if service.get("Binding") == _REDIRECT:
            return service.get("Location")
    return None


def _certificate(described: Element) -> str:
    for key in described.findall(f"{_MD}KeyDescriptor"):
        if key.get("use") in (None, "signing"):
            for each in key.iter(f"{_DS}X509Certificate"):
                text = "".join((each.text or "").split())
                try:
                    load_der_x509_certificate(base64.b64decode(text, validate=True))
                except (ValueError, binascii.Error) as error:
                    raise _refused("its certificate cannot be read") from error
                return text
    raise _refused("it has no certificate for signatures")


def _bounded(text: str | None, what: str) -> str:
    if not text or len(text) > 500 or not text.isprintable():  # noqa: PLR2004 - as the column has
        raise _refused(f"{what} is missing, or longer than 500 characters")
    return text


def _refused(reason: str) -> MetadataRefusedError:
    return MetadataRefusedError(
        f"the metadata was not taken: {reason}",
        why="A provider that is described wrongly would let in nobody, or somebody else.",
        todo="copy the provider's own metadata, whole",
    )
