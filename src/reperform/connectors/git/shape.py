"""Shaping a repository's answers into tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.commits import commit_rows
from reperform.connectors.git.grades import commit_grades
from reperform.connectors.git.graph import Graph, read_graph
from reperform.connectors.git.objects import read_objects
from reperform.connectors.git.owners import owner_rows
from reperform.connectors.git.reflog import REFLOG, ancestry, move_rows
from reperform.connectors.git.tables import REPOSITORY
from reperform.connectors.git.tags import tag_rows


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of every git table.

    Raises:
        ObjectCorruptError: an object does not hash to its name.
        ObjectMissingError: the kept bytes are not those of an object.
    """
    kept = {answer.name: answer for answer in answers if answer.blob}
    if "repository" not in kept or "graph" not in kept:
        return
    with kept["repository"].open() as file:
        facts: dict[str, Any] = json.load(file)
    graph = read_graph(kept["graph"])
    object_format = str(facts["object_format"])
    yield _repository_row(kept["repository"], facts, graph)
    yield from _commits(kept, object_format, graph)
    if "refs" in kept and "tag-objects" in kept:
        signatures = kept.get("tag-signatures")
        yield from tag_rows(kept["refs"], kept["tag-objects"], signatures, object_format)
    known = ancestry(kept.get("ancestry"))
    for name, answer in kept.items():
        if name.startswith(REFLOG):
            yield from move_rows(answer, known, is_bare=bool(facts["is_bare"]))
    if "code-owners" in kept:
        yield from owner_rows(kept["code-owners"])


def _repository_row(kept: Kept, facts: Mapping[str, Any], graph: Graph) -> Row:
    counted = {"commits_reachable": graph.commits, "first_committed_at": graph.first_at}
    known = {**facts, **counted}
    values = {
        column.name: known[column.name] for column in REPOSITORY.columns if column.name in known
    }
    return Row("git.repository", values, kept.blob, 0)


def _commits(kept: Mapping[str, Kept], object_format: str, graph: Graph) -> Iterator[Row]:
    if "commit-objects" not in kept:
        return
    signatures = commit_grades(kept.get("commit-signatures"))
    blob, own_line = kept["commit-objects"].blob, graph.own_line
    with kept["commit-objects"].open() as file:
        for one in read_objects(file, object_format):
            yield from commit_rows(one, blob=blob, first_parents=own_line, signatures=signatures)
