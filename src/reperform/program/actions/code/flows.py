"""Data flows as a file of rows."""

from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.actions.code import Given, Register
from reperform.program.actions.flows import change_flow, end_flow, make_flow
from reperform.program.assets.flows import SLUG, FlowFields, flow_content, read_flow
from reperform.program.code import Content, Item, Kind, Standing, same
from reperform.program.code.plan import Change
from reperform.program.models import DataFlow
from reperform.program.queries.assets import flow_fields, flows

KIND = Kind(
    name="flows",
    path="flows.yaml",
    key="number",
    fields=(
        *("source", "source_party", "target", "target_party", "data", "classification"),
        *("protocol", "encrypted", "note", "ended"),
    ),
    title="which data flows from where to where",
    about="""\
Data flows between assets and outside parties: what the boundary and data-flow diagram shows.

source and target: the number of an asset; or source_party, target_party: who is outside
encrypted: true or false; left out while nobody knows
To end one, write: ended: {on: 2026-01-31, because: "why"}""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        str(row.number): Standing(_content_of(row), row.version, row.changed_by)
        for row in flows(organization)
    }


def _content_of(row: DataFlow) -> dict[str, Any]:
    ended = {"on": row.ended_on.isoformat(), "because": row.ended_because} if row.ended_on else None
    return {**flow_content(flow_fields(row)), "ended": ended}


def _fields(content: Content) -> tuple[FlowFields, list[Problem]]:
    return read_flow({name: value for name, value in content.items() if name != "ended"})


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = _fields(item.content)
    for end in ("source", "target"):
        number = getattr(fields, end)
        if number is not None and not given.knows("assets", str(number)):
            todo = "name an asset of assets.yaml"
            problems.append(Problem(end, f"there is no asset {number}", todo, SLUG))
    content = {**flow_content(fields), "ended": _read_ended(given, item, problems)}
    before = given.standing(item)
    if before and before.content["ended"] and not same(before.content, content):
        problems.append(Problem("ended", "it is ended, and stays so", "enter a new one", SLUG))
    return content, problems


def _read_ended(given: Given, item: Item, problems: list[Problem]) -> dict[str, str] | None:
    wanted = item.content.get("ended")
    if wanted is None:
        return None
    if not isinstance(wanted, dict):
        todo = 'write {on: 2026-01-31, because: "why"}'
        problems.append(Problem("ended", "is not a day and a reason", todo, SLUG))
        return None
    reader = Reader(wanted, SLUG)
    on = reader.day("on", needed="write its last day", latest=given.today)
    because = reader.text("because", needed="say why", longest=2_000)
    reader.refuse_others(("on", "because"), "the end of a flow")
    problems += [
        Problem(f"ended: {each.where}", each.what, each.todo, SLUG) for each in reader.problems
    ]
    return {"on": on.isoformat(), "because": because} if on else None


def _apply(given: Given, change: Change) -> None:
    fields, _ = _fields(change.after)
    before, number = change.before, int(change.item.key)
    organization, by, at = given.organization, given.by, given.at
    if before is None:
        make_flow(organization=organization, fields=fields, number=number, by=by, at=at)
    elif not same({**before.content, "ended": None}, {**change.after, "ended": None}):
        change_flow(
            organization=organization,
            number=number,
            fields=fields,
            seen=before.version,
            by=by,
            at=at,
        )
    ended = change.after["ended"]
    if ended:
        row = DataFlow.objects.get(organization=given.organization, number=number)
        on = Reader(ended, SLUG).day("on") or given.today
        end_flow(
            organization=organization,
            number=number,
            on=on,
            reason=ended["because"],
            seen=row.version,
            by=by,
            at=at,
        )


REGISTER = Register(KIND, _standing, _read, _apply)
