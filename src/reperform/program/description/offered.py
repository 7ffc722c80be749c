"""What the register of assets offers for a text of DC 3: what there is, and what the text names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reperform.program.assets import Kind
from reperform.program.description.claims import words_found

_STORES = (Kind.DATABASE, Kind.DATA_STORE)
KINDS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "dc3.infrastructure": (
            *(Kind.INFRASTRUCTURE, *_STORES, Kind.NETWORK),
            *(Kind.ENDPOINT, Kind.PHYSICAL),
        ),
        "dc3.software": (
            *(Kind.APPLICATION, Kind.IDENTITY_PROVIDER, Kind.CODE_HOST),
            *(Kind.REPOSITORY, Kind.BUSINESS_SYSTEM),
        ),
        "dc3.data": _STORES,
    }
)
"""Field -> the kinds of assets that its text is about."""


@dataclass(frozen=True, slots=True)
class RegisteredAsset:
    """An asset in use that is in the boundary, or of which nobody decided it."""

    number: int
    name: str
    kind: str
    classification: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An asset, and whether the text names it as the register does."""

    asset: RegisteredAsset
    is_named: bool


def offered(assets: Iterable[RegisteredAsset], text: str) -> tuple[Offered, ...]:
    """Return assets with whether a text names each; those that it does not name stand first.

    >>> queue = RegisteredAsset(1, "Message queue", "infrastructure", "", "")
    >>> offered([queue], "It has a message queue.")[0].is_named
    True
    """
    found = [Offered(each, bool(words_found([each.name], text))) for each in assets]
    return tuple(sorted(found, key=lambda each: each.is_named))
