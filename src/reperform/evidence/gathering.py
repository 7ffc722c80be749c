"""Evidence gathered for a period: what shaping and examining take, wherever it lies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.connectors.answer import Source
from reperform.evidence.blobs import BlobStore, sha256_of
from reperform.evidence.collection import Collection
from reperform.evidence.lacking import Lacking


class EvidenceLostError(RefusalError):
    """What was collected is not on the disk any more, or is not what was kept."""

    slug = "evidence-lost"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Collections in the order of their streams, each with its record's digest, and their blobs.

    It is what `evidence.shape.shape` and `audit.examine.Inputs` take.  `lacking` is what
    connections in use should have brought of the period, and did not; `cursors` says of each
    stream whether it moves one.
    """

    collections: tuple[tuple[Collection, str], ...]
    stores: dict[str, BlobStore]
    lacking: tuple[Lacking, ...] = ()
    cursors: Mapping[str, bool] = field(default_factory=dict)

    def open(self, sha256: str) -> IO[bytes]:
        """Open a blob's content.

        Raises:
            FileNotFoundError: none of the collections has it.
        """
        if sha256 not in self.stores:
            raise FileNotFoundError(sha256)
        return self.stores[sha256].open(sha256)

    def refuse_altered(self) -> None:
        """Accept the blobs only as they were kept.

        Raises:
            EvidenceLostError: one is missing, or holds other bytes than were kept.
        """
        for sha256, store in self.stores.items():
            path = store.path(sha256)
            if not path.is_file() or sha256_of(path) != sha256:
                raise lost(f"blob {sha256} is missing, or is not what was kept")


@dataclass(frozen=True, slots=True)
class Gathering:
    """How evidence is gathered, for those who judge it and must not know what can collect.

    Attributes:
        of: a period -> the evidence that says something of it.
        sources: how answers become tables, by stream.
    """

    of: Callable[[Period], Gathered]
    sources: Mapping[str, Source]


def lost(what: str) -> EvidenceLostError:
    """Return the refusal to read evidence that is not there."""
    return EvidenceLostError(
        f"nothing was gathered: {what}",
        why="Tables shaped without it, or from other bytes, would show what no source said.",
        todo="restore the folder `evidence` of the installation from a backup",
    )
