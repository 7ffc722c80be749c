"""nginx: its servers and how they protect what is sent, out of what `nginx -T` printed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from reperform.base.table import Cover
from reperform.connectors import printed
from reperform.connectors.answer import Kept, Question, Row, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import place_of
from reperform.connectors.kept import observed_at, text_of
from reperform.connectors.nginx.parsing import configuration
from reperform.connectors.nginx.servers import SERVERS, Listening, servers_of
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.settings import Access

STREAM = "nginx/configuration"
ENCRYPTION = POPULATIONS["population.encryption"]
TABLES = (SERVERS, ENCRYPTION)
BLIND = (
    "hosts without a file, and files that a pattern includes and that were cut off whole; whether "
    "nginx has read its configuration again; what a place changes, "
    "and the protocols of the first server of an address, which may hold for the others; blocks "
    "`stream` and `mail`; what Lua does"
)
_READ = "read"


def _servers(kept: Kept) -> list[Listening]:
    return list(servers_of(configuration(text_of(kept))))


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each server at each of its addresses.

    Raises:
        NotReadError: a file is no configuration any more.
    """
    seen = observed_at(answers)
    for kept, host in printed.files_of(answers):
        told = {"system": f"nginx {host}", "observed_at": seen}
        for each in _servers(kept):
            yield Row(SERVERS.name, {**told, **each.values}, kept.blob, each.at)
            # What only leads to TLS, and what never leaves the machine, carries nothing in clear.
            if each.values["is_encrypted"] or (
                each.values["is_public"] and not each.values["only_redirects"]
            ):
                own = {
                    "resource": f"{each.values['names'] or 'unnamed'} at {each.values['listen']}",
                    "kind": "connections",
                    "is_in_transit": True,
                    "is_encrypted": each.values["is_encrypted"],
                    "algorithm": each.values["protocols"],
                }
                yield Row(ENCRYPTION.name, {**told, **own}, kept.blob, each.at)


def _covers(answers: Sequence[Kept], started_at: datetime) -> Mapping[str, Cover]:
    return printed.covers(answers, started_at, TABLES)


SOURCE = Source(STREAM, TABLES, shape, _covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [Question(STREAM, place_of(access).title, lambda: printed.ask(access, _servers))]


def _check(access: Access) -> Check:
    place = place_of(access)
    count = len(printed.names_of(place))
    return Check(f"{place.title}: {count:,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="nginx",
    title="nginx, by its configuration",
    asks="Every file of a folder, or brought by hand, with what `nginx -T` printed on one host: on "
    "what its servers listen, which protocols they allow, and what they tell browsers.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=printed.settings("`nginx -T > web-1.nginx.txt`"),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CONNECTOR", "SOURCE"]
