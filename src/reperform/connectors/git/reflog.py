"""Reflogs: when a branch moved, and whether it moved forward."""

from collections.abc import Iterator, Mapping

from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.people import identity
from reperform.connectors.git.text import text_of

REFLOG = "reflog "
_MOST = 500


def ancestry(kept: Kept | None) -> dict[tuple[str, str], bool | None]:
    """Return old and new commit -> whether old leads to new; None when that cannot be known."""
    if kept is None or not kept.blob:
        return {}
    with kept.open() as file:
        fields = [line.split() for line in file.read().decode("ascii", "replace").splitlines()]
    answers = {"yes": True, "no": False}
    return {(old, new): answers.get(answer) for old, new, answer in fields}


def move_rows(
    kept: Kept, known: Mapping[tuple[str, str], bool | None], *, is_bare: bool
) -> Iterator[Row]:
    """Yield a row for each move that a reflog shows."""
    ref = kept.name.removeprefix(REFLOG)
    own = "server" if is_bare else "local"
    authority = "remote" if ref.startswith("refs/remotes/") else own
    at = 0
    with kept.open() as file:
        for line in file:
            head, _, message = line.rstrip(b"\n").partition(b"\t")
            fields = head.split(b" ", 2)
            if len(fields) == 3:  # noqa: PLR2004 - old, new, who and when
                old, new = (_commit(field) for field in fields[:2])
                values = {
                    "ref": ref,
                    "moved_at": identity(fields[2]).at,
                    "old_commit": old,
                    "new_commit": new,
                    "is_fast_forward": _forward(old, new, known),
                    "authority": authority,
                    "message": text_of(message)[:_MOST],
                }
                yield Row("git.branch_moves", values, kept.blob, at)
            at += len(line)


def _commit(field: bytes) -> str | None:
    text = field.decode("ascii", errors="replace")
    return None if set(text) <= {"0"} else text


def _forward(
    old: str | None, new: str | None, known: Mapping[tuple[str, str], bool | None]
) -> bool | None:
    if old is None:
        return True
    if new is None:
        return False
    return True if old == new else known.get((old, new))
