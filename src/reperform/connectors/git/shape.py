"""Shaping a repository's answers into tables, and saying what they cover."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.commits import (
    Signature,
    commit_rows,
    identity,
    moment,
    tag_values,
)
from reperform.connectors.git.message import text_of
from reperform.connectors.git.objects import read_objects
from reperform.connectors.git.owners import owner_rows
from reperform.connectors.git.reflog import REFLOG, ancestry, move_rows

_RELEASE = re.compile(r"(?:.*[/_-])?[vV]?\d+(?:\.\d+)+(?:[-+._]?[0-9A-Za-z.+-]*)?")
_TAGS = b"refs/tags/"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of every git table, in the order of the answers."""
    kept = {answer.name: answer for answer in answers if answer.blob}
    if "repository" not in kept:
        return
    facts = _facts(kept["repository"])
    yield _repository_row(kept, facts)
    moments: dict[bytes, str | None] = {}
    yield from _commits(kept, facts, moments)
    yield from _tags(kept, facts, moments)
    known = ancestry(kept.get("ancestry"))
    for name, answer in kept.items():
        if name.startswith(REFLOG):
            yield from move_rows(answer, known, is_bare=bool(facts["is_bare"]))
    if "code-owners" in kept:
        yield from owner_rows(kept["code-owners"])


def _facts(kept: Kept) -> dict[str, Any]:
    with kept.open() as file:
        facts: dict[str, Any] = json.load(file)
    return facts


def _repository_row(kept: Mapping[str, Kept], facts: Mapping[str, Any]) -> Row:
    commits, first = 0, None
    if "graph" in kept:
        with kept["graph"].open() as file:
            for line in file:
                commits += 1
                stamp = int(line.partition(b" ")[0])
                first = stamp if first is None else min(first, stamp)
    counted = {
        "commits_reachable": commits,
        "first_committed_at": moment(first) if first is not None else None,
    }
    return Row("git.repository", {**facts, **counted}, kept["repository"].blob, 0)


def _commits(
    kept: Mapping[str, Kept], facts: Mapping[str, Any], moments: dict[bytes, str | None]
) -> Iterator[Row]:
    if "commit-objects" not in kept:
        return
    first_parents: frozenset[bytes] = frozenset()
    if "first-parents" in kept:
        with kept["first-parents"].open() as file:
            first_parents = frozenset(file.read().split())
    signatures = _commit_signatures(kept.get("commit-signatures"))
    blob = kept["commit-objects"].blob
    with kept["commit-objects"].open() as file:
        for one in read_objects(file, str(facts["object_format"])):
            rows = commit_rows(one, blob=blob, first_parents=first_parents, signatures=signatures)
            for row in rows:
                if row.table == "git.commits":
                    moments[one.id] = row.values["committed_at"]
                yield row


def _commit_signatures(kept: Kept | None) -> dict[bytes, Signature] | None:
    if kept is None:
        return None
    found = {}
    with kept.open() as file:
        for line in file:
            commit, grade, signer = (*line.rstrip(b"\n").split(b"\t"), b"", b"")[:3]
            found[commit] = Signature(grade.decode("ascii", "replace"), text_of(signer, ""))
    return found


def _tag_signatures(kept: Kept | None) -> dict[bytes, Signature] | None:
    if kept is None:
        return None
    found = {}
    with kept.open() as file:
        for line in file:
            record = json.loads(line)
            found[record["id"].encode()] = _verified(record["exit"], record["said"])
    return found


def _verified(code: int, said: str) -> Signature:
    """Return the grade that `git verify-tag --raw` amounts to."""
    signer = re.search(r'GOODSIG \S+ (.*)|Good "git" signature for (\S+)', said)
    if code == 0:
        return Signature("G", (signer[1] or signer[2] or "") if signer else "")
    for mark, grade in (("BADSIG", "B"), ("incorrect signature", "B"), ("EXPKEYSIG", "X")):
        if mark in said:
            return Signature(grade, "")
    unknown = ("NO_PUBKEY", "No principal matched", "no principal matched")
    return Signature("E" if any(mark in said for mark in unknown) else "N", "")


def _tags(
    kept: Mapping[str, Kept], facts: Mapping[str, Any], moments: Mapping[bytes, str | None]
) -> Iterator[Row]:
    if "refs" not in kept or "tag-objects" not in kept:
        return
    signatures = _tag_signatures(kept.get("tag-signatures"))
    with kept["tag-objects"].open() as file:
        objects = {
            one.id: (tag_values(one, signatures), one.at)
            for one in read_objects(file, str(facts["object_format"]))
        }
    at = 0
    with kept["refs"].open() as file:
        for line in file:
            fields = line.rstrip(b"\n").split(b" ", 4)
            if len(fields) == 5 and fields[4].startswith(_TAGS):  # noqa: PLR2004 - five fields of a ref
                object_id, kind, peeled, peeled_kind, ref = fields
                commit = peeled if kind == b"tag" else object_id
                leads = b"commit" in (kind, peeled_kind)
                values, tag_at = objects.get(object_id, (None, 0))
                name = text_of(ref[len(_TAGS) :], "")
                yield Row(
                    "git.tags",
                    {
                        "tag": name,
                        "commit_id": commit.decode("ascii") if leads else None,
                        "is_release": bool(_RELEASE.fullmatch(name)),
                        **(values or _lightweight(moments.get(commit))),
                    },
                    kept["tag-objects"].blob if values else kept["refs"].blob,
                    tag_at if values else at,
                )
            at += len(line)


def _lightweight(committed_at: str | None) -> dict[str, Any]:
    return {"is_annotated": False, "tagged_at": committed_at, "signature": "none"}


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return what each git table covers.

    Events are complete for every day that was over when the collection began.  Reflogs expire,
    so branch moves reach back to the oldest entry only.
    """
    today = started_at.astimezone(UTC).date()
    events = Cover(None, today - timedelta(days=1))
    state = Cover(today, today)
    return {
        "git.repository": state,
        "git.commits": events,
        "git.trailers": events,
        "git.tags": events,
        "git.branch_moves": _reflog_cover(answers, today),
        "git.code_owners": state,
    }


def _reflog_cover(answers: Sequence[Kept], today: date) -> Cover:
    logs = [answer for answer in answers if answer.name.startswith(REFLOG)]
    oldest = [first for log in logs if log.blob and (first := _oldest(log))]
    if not oldest:
        said = "; ".join(log.absent or log.refused or f"{log.name} is empty" for log in logs)
        return Cover(None, None, said or "there is no reflog")
    yesterday = today - timedelta(days=1)
    if all(is_beginning for _, is_beginning in oldest):
        return Cover(None, yesterday)
    return Cover(max(oldest)[0], yesterday, "the reflog reaches back no further")


def _oldest(log: Kept) -> tuple[date, bool] | None:
    """Return the day of a reflog's first entry, and whether the branch itself began with it."""
    with log.open() as file:
        head, _, message = file.readline().partition(b"\t")
    at = identity(head.split(b" ", 2)[-1]).at
    is_beginning = message.startswith(b"commit (initial)")
    return (datetime.fromisoformat(at).date(), is_beginning) if at else None
