"""What evidence shows of the system, under each description criterion, and what is missing.

Management describes its system; the program only adds what evidence supports, each sentence with
where it comes from, and says plainly what is still missing.
"""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb

from reperform.audit.examination import DescriptionFact
from reperform.catalog.criteria import DescriptionCriterion
from reperform.evidence.shape import ShapedTable
from reperform.program.scope import Scope
from reperform.program.statement import Statement

Rows = Callable[[str, str], list[tuple[Any, ...]]]
"""Table name and a SELECT list with clauses after it -> rows; none when it was not collected."""


def describe_system(
    criteria: tuple[DescriptionCriterion, ...],
    *,
    scope: Scope,
    statement: Statement,
    tables: Mapping[str, ShapedTable],
    controls: int,
) -> tuple[DescriptionFact, ...]:
    """Return, for each description criterion of the scope's type, what is known and missing.

    Args:
        criteria: every description criterion.
        scope: what is examined.
        statement: what management wrote.
        tables: the shaped evidence.
        controls: how many controls Section IV lists.
    """
    with duckdb.connect() as engine:

        def rows(table: str, select: str) -> list[tuple[Any, ...]]:
            if table not in tables:
                return []
            path = str(tables[table].path)
            engine.execute(
                "CREATE OR REPLACE VIEW seen AS FROM read_parquet(" + _literal(path) + ")"
            )
            return engine.execute(select, _bound(select, scope)).fetchall()

        known = {
            "DC1": (),
            "DC3": (*_infrastructure(rows), *_software(rows), *_people(rows)),
            "DC5": _applicable(scope, controls),
            "DC7": _subservice(rows),
            "DC9": _changes(rows),
        }
    return tuple(
        DescriptionFact(
            criterion=criterion,
            stated=statement.description.get(criterion.id, ""),
            known=tuple(known.get(criterion.id, ())),
            missing=_missing(criterion, statement),
        )
        for criterion in criteria
        if scope.type in criterion.types
    )


def _missing(criterion: DescriptionCriterion, statement: Statement) -> str:
    if statement.description.get(criterion.id):
        return ""
    if criterion.id == "DC8" and statement.not_applicable:
        return ""
    return f"Management has not written this part. It should say: {criterion.guidance}"


def _literal(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def _bound(select: str, scope: Scope) -> dict[str, Any]:
    days = {"period_first": scope.period.first, "period_last": scope.period.last}
    return {name: day for name, day in days.items() if f"${name}" in select}


def _infrastructure(rows: Rows) -> list[str]:
    found = rows("host.system", "SELECT host, os_id, os_version, kernel FROM seen ORDER BY host")
    hosts = [
        f"Host {host} runs {os_id or 'an unnamed system'} {os_version or ''} with kernel {kernel}"
        " (host.system)."
        for host, os_id, os_version, kernel in found
    ]
    ends = rows("tls.endpoints", "SELECT endpoint, protocol FROM seen ORDER BY endpoint")
    return hosts + [
        f"Endpoint {endpoint} answers with {protocol or 'no TLS'} (tls.endpoints)."
        for endpoint, protocol in ends
    ]


def _software(rows: Rows) -> list[str]:
    found = rows(
        "git.repository",
        "SELECT repository, release_branch, commits_reachable FROM seen ORDER BY repository",
    )
    packages = rows("host.packages", "SELECT count(*) FROM seen HAVING count(*) > 0")
    return [
        f"The source is kept in the repository {name}, released from {branch}, with {commits:,} "
        "commits (git.repository)."
        for name, branch, commits in found
    ] + [f"The host has {count:,} packages installed (host.packages)." for (count,) in packages]


def _people(rows: Rows) -> list[str]:
    found = rows(
        "git.commits",
        "SELECT count(DISTINCT author_email), count(*) FROM seen "
        "WHERE committed_at::DATE BETWEEN $period_first AND $period_last HAVING count(*) > 0",
    )
    return [
        f"{authors:,} authors made the {commits:,} commits of the period (git.commits)."
        for authors, commits in found
    ]


def _applicable(scope: Scope, controls: int) -> list[str]:
    categories = ", ".join(scope.categories)
    return [f"In scope: {categories}. Section IV lists {controls} controls for their criteria."]


def _subservice(rows: Rows) -> list[str]:
    found = rows("git.repository", "SELECT remote_hosts FROM seen WHERE remote_hosts <> ''")
    return [
        f"The repository is also kept at {hosts} (git.repository): management decides whether "
        "that is a subservice organization."
        for (hosts,) in found
    ]


def _changes(rows: Rows) -> list[str]:
    commits = rows(
        "git.commits",
        "SELECT count(*) FROM seen WHERE on_first_parent "
        "AND committed_at::DATE BETWEEN $period_first AND $period_last HAVING count(*) > 0",
    )
    releases = rows(
        "git.tags",
        "SELECT count(*) FROM seen WHERE is_release "
        "AND tagged_at::DATE BETWEEN $period_first AND $period_last HAVING count(*) > 0",
    )
    return [
        f"{count:,} changes reached the release branch in the period." for (count,) in commits
    ] + [f"{count:,} releases were tagged in the period (git.tags)." for (count,) in releases]
