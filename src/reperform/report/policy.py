"""A version of a policy as a document: its Markdown as blocks, never as markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from markdown_it.token import Token

from reperform.base.markdown import tokens
from reperform.report.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Row,
    Table,
)
from reperform.report.text import LONGEST, Line, Text

_DEEPEST = 4
"""Levels of headings that a document has."""


class Named(Protocol):
    """An organization, as far as a document shows it."""

    name: str
    is_example: bool


class Stands(Protocol):
    """A policy, as far as its document shows it."""

    title: str

    @property
    def organization(self) -> Named:
        """Whose it is."""


class Written(Protocol):
    """A version, as far as its document shows it."""

    number: int
    written_by: str
    approved_by: str
    effective_on: date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What stands on a policy beside its text.

    Attributes:
        title: of the policy.
        organization: whose it is.
        version: its number.
        author: who wrote this version.
        approved_by: who approved it; empty while nobody has.
        effective_on: the first day on which it is in force; None while nobody approved it.
        sha256: of the text.
        is_example: the organization is invented.
    """

    title: str
    organization: str
    version: int
    author: str
    approved_by: str
    effective_on: date | None
    sha256: str
    is_example: bool


def policy_facts(policy: Stands, version: Written) -> PolicyFacts:
    """Return what stands on a version of a policy."""
    return PolicyFacts(
        title=policy.title,
        organization=policy.organization.name,
        version=version.number,
        author=version.written_by,
        approved_by=version.approved_by,
        effective_on=version.effective_on,
        sha256=version.sha256,
        is_example=policy.organization.is_example,
    )


def policy_document(facts: PolicyFacts, text: str) -> Document:
    """Return a policy as a document; what nobody approved says so on every page."""
    is_approved = facts.effective_on is not None
    notice = f"Version {facts.version}" if is_approved else f"Draft {facts.version}, not approved"
    pairs = [
        ("Version", str(facts.version)),
        ("Written by", facts.author),
        ("Approved by", facts.approved_by or "nobody yet"),
        ("In force from", f"{facts.effective_on:%-d %B %Y}" if facts.effective_on else "not yet"),
        ("SHA-256 of the text", facts.sha256),
    ]
    return Document(
        title=facts.title,
        subtitle="Policy",
        organization=facts.organization,
        notice=f"Example. {notice}" if facts.is_example else notice,
        cover=KeyValues(tuple((name, (_plain(value),)) for name, value in pairs)),
        opening=(_plain("The text follows with its placeholders filled."),),
        blocks=(PageBreak(), Heading(1, facts.title, "policy"), *_blocks(tokens(text))),
    )


def _plain(text: str) -> Line:
    return (Text(text),)


def _blocks(found: Sequence[Token]) -> Iterator[Block]:
    """Yield blocks: what stands in lists is gathered until the outermost of them ends.

    The title is the only heading of level 1, and no level is skipped on the way down, whatever the
    text does: readers of a tagged PDF find their way by them (PDF/UA-1, 7.4.2).
    """
    above = 1
    headings, lists, bullets = 0, _Lists(), list[Line]()
    for at, token in enumerate(found):
        lists.pass_by(token)
        if bullets and not lists.depth:
            yield Bullets(tuple(bullets))
            bullets = []
        if token.type == "heading_open":
            headings += 1
            above = level = min(int(token.tag[1]) + 1, above + 1, _DEEPEST)
            said = "".join(run.text for run in _runs(found[at + 1])) or "-"
            yield Heading(level, said, f"part-{headings}", is_listed=level == 2)  # noqa: PLR2004 - sections of the text
        elif token.type == "table_open":
            yield _table(found[at : _end(found, at)])
        elif token.type == "inline" and not lists.is_elsewhere:
            runs = _runs(token)
            if lists.depth and runs:
                bullets.append(_indented(runs, lists.number, lists.depth))
            elif runs:
                yield Paragraph(runs)
        elif token.type in {"fence", "code_block"}:
            lines = token.content.splitlines()
            yield from (Paragraph(_pieces(line, mono=True)) for line in lines if line.strip())


class _Lists:
    """In which lists, headings and tables a token stands."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._numbered: list[bool] = []
        self.is_elsewhere = False

    @property
    def depth(self) -> int:
        return len(self._counts)

    @property
    def number(self) -> str:
        return f"{self._counts[-1]}. " if self._numbered[-1] else ""

    def pass_by(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._counts.append(0)
            self._numbered.append(token.type == "ordered_list_open")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._counts.pop()
            self._numbered.pop()
        elif token.type == "list_item_open":
            self._counts[-1] += 1
        elif token.type in {"heading_open", "table_open"}:
            self.is_elsewhere = True
        elif token.type in {"heading_close", "table_close"}:
            self.is_elsewhere = False


def _indented(runs: Line, number: str, depth: int) -> Line:
    lead = "\u2013 " * (depth - 1) + number
    return (Text(lead), *runs) if lead else runs


def _end(found: Sequence[Token], at: int) -> int:
    return next(n for n in range(at, len(found)) if found[n].type == "table_close")


def _table(found: Sequence[Token]) -> Table:
    rows: list[list[Line]] = []
    for number, token in enumerate(found):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append(_runs(found[number + 1]) or _plain(" "))
    head, *body = rows
    columns = tuple(Column("".join(run.text for run in cell).strip() or "-", 1) for cell in head)
    return Table("Table", columns, tuple(Row(tuple((cell,) for cell in row)) for row in body))


def _runs(inline: Token) -> Line:
    found: list[Text] = []
    bold, link = 0, ""
    for token in inline.children or ():
        if token.type == "strong_open":
            bold += 1
        elif token.type == "strong_close":
            bold -= 1
        elif token.type == "link_open":
            link = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            said = found[-1].text if found else ""
            if link and link.removeprefix("mailto:") != said:
                found.append(Text(f" ({link.removeprefix('mailto:')})"))
            link = ""
        elif token.type in {"softbreak", "hardbreak"}:
            found.append(Text(" "))
        elif token.content:
            is_code = token.type == "code_inline"
            found += _pieces(token.content, bold=bold > 0, mono=is_code)
    return tuple(found)


def _pieces(text: str, *, bold: bool = False, mono: bool = False) -> Line:
    """Return a text as runs, none so long that it would be cut."""
    return tuple(
        Text(text[at : at + LONGEST], bold=bold, mono=mono) for at in range(0, len(text), LONGEST)
    )
