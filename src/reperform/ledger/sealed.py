"""What entries of a trail sealed, as a file beside the log: for whoever checks it elsewhere.

One line of canonical JSON for each entry whose content is given, in order: `number`, and `content`
in base64, which is 32 random bytes and the JSON that the entry's digest is over.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.problem import Problem
from reperform.ledger.encoding import base64_text, from_base64
from reperform.ledger.statement import Statement
from reperform.ledger.trail_check import SALT_BYTES

CHANGES = "changes.jsonl"
_ASK = "do not rely on what rests on it; ask for the bundle again"


def sealed_line(number: int, content: bytes) -> bytes:
    """Return the line of one entry's content."""
    return canonical_json({"content": base64_text(content), "number": number}) + b"\n"


def read_sealed(
    lines: Iterable[bytes], statements: Sequence[Statement | None], *, acts: Collection[str]
) -> tuple[Mapping[int, Mapping[str, Any]], tuple[Problem, ...]]:
    """Return what entries say, by number and in order, and every line that is not what was sealed.

    Args:
        lines: of the file.
        statements: of the log, in order.
        acts: those of which every entry must be told.
    """
    contents, problems = _contents(lines)
    found: dict[int, Mapping[str, Any]] = {}
    for number, statement in enumerate(statements):
        if statement is None:
            continue
        content = contents.pop(number, None)
        act = str(statement.predicate.get("act"))
        if content is None:
            if act in acts:
                problems.append(_problem(f"entry {number}, {act}, is not told"))
        elif sha256_hex(content) != statement.subjects.get("change"):
            problems.append(_problem(f"entry {number}, {act}, is not what the log sealed"))
        else:
            found[number] = json.loads(content[SALT_BYTES:])
    problems += [_problem(f"the log has no entry {number}") for number in sorted(contents)]
    return found, tuple(problems)


def _contents(lines: Iterable[bytes]) -> tuple[dict[int, bytes], list[Problem]]:
    contents: dict[int, bytes] = {}
    problems: list[Problem] = []
    for at, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            number, content = int(said["number"]), from_base64(said["content"])
        except (ValueError, KeyError, TypeError, RecursionError):
            problems.append(_problem(f"line {at} is not the content of an entry"))
            continue
        if number in contents:
            problems.append(_problem(f"entry {number} is told twice"))
        contents[number] = content
    return contents, problems


def _problem(what: str) -> Problem:
    return Problem(f"ledger/{CHANGES}", what, _ASK, "bundle-differs")
