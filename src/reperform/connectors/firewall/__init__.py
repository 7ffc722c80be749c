"""firewall: rules of nftables and ufw, out of what their programs printed into files."""

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
from reperform.connectors.kept import observed_at
from reperform.connectors.linux.filters import rows_of, rules_of
from reperform.connectors.linux.rule import FIREWALL_RULES, Rule
from reperform.connectors.settings import Access

STREAM = "firewall/rules"
TABLES = (FIREWALL_RULES,)
BLIND = (
    "hosts without a file; whether a file is what the host follows now; filters outside the host, "
    "iptables of old, eBPF programs; what others, as container engines, let in beside ufw; an "
    "earlier rule that refuses part of what a later one accepts"
)
_READ = "read"
_OF_EVERY_HOST = ("user.rules", "user6.rules")


def _is_nft(kept: Kept) -> bool:
    with kept.open() as file:
        return file.read(100).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _rules(kept: Kept) -> list[Rule]:
    return rules_of(kept, is_nft=_is_nft(kept))


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each rule of each host.

    Raises:
        NotReadError: a file is none of the two forms any more.
    """
    seen = observed_at(answers)
    for kept, host in printed.files_of(answers, _OF_EVERY_HOST):
        system = f"firewall {host}"
        yield from rows_of(kept, is_nft=_is_nft(kept), system=system, observed_at=seen)


def _covers(answers: Sequence[Kept], started_at: datetime) -> Mapping[str, Cover]:
    return printed.covers(answers, started_at, TABLES)


SOURCE = Source(STREAM, TABLES, shape, _covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [Question(STREAM, place_of(access).title, lambda: printed.ask(access, _rules))]


def _check(access: Access) -> Check:
    place = place_of(access)
    count = len(printed.names_of(place))
    return Check(f"{place.title}: {count:,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="firewall",
    title="Firewalls of Linux hosts, in files",
    asks="Every file of a folder, or brought by hand: what `nft -j list ruleset` or `ufw status "
    "verbose` printed, or ufw's own user.rules; one file for each host, with its name.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=printed.settings("web-1.nft.json, db-1.ufw.txt or db-1/user.rules"),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CONNECTOR", "SOURCE"]
