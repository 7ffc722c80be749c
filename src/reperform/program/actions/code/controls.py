"""Controls as files: one for each, adopted from the library, tailored, own or retired."""

from datetime import date
from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.code import Given, Register
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.controls import (
    Done,
    adopt_controls,
    change_control,
    retire_controls,
)
from reperform.program.code import Content, Item, Kind, Standing, same
from reperform.program.code.plan import Change
from reperform.program.controls.document import (
    LABELS,
    ControlDocument,
    control_content,
    document_of,
    library_document,
)
from reperform.program.controls.reading import read_code, read_control, read_day, read_reason
from reperform.program.models import AdoptedControl

_SLUG = "control-field"
_DECIDED = ("library", "owner", "adopted_on", "implemented_on", "retired")
KIND = Kind(
    name="controls",
    path="controls/",
    body="text",
    fields=(
        *("library", "title", "criteria", "points_of_focus", "nature", "kind", "frequency"),
        *("owner_role", "owner", "adopted_on", "implemented_on", "retired"),
        *("policies", "evidence", "population", "text"),
    ),
    title="the controls, a file for each; its name is the control's code",
    about="""\
A control that management adopted; the file's name is its code. Its text stands below.

library: the control of Reperform's library that it was taken from; none for one of your own
nature: preventive, detective or corrective; kind: manual, automated or mixed
owner: e-mail address of the member who answers for it; owner_role: the role that does
implemented_on: the first day that it was at work as it is written
To retire it, write: retired: {on: 2026-01-31, because: "why"}""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    rows = AdoptedControl.objects.filter(organization=organization).select_related("owner__user")
    return {
        row.code: Standing(_content_of(row), row.version, row.changed_by)
        for row in rows.defer("library_content")
    }


def _content_of(row: AdoptedControl) -> dict[str, Any]:
    return _content(
        document_of(row),
        library=row.library_id,
        owner=row.owner.user.email if row.owner else None,
        adopted_on=row.adopted_on,
        implemented_on=row.implemented_on,
        retired=_retired(row.retired_on, row.retired_because),
    )


def _content(
    document: ControlDocument,
    *,
    library: str,
    owner: str | None,
    adopted_on: date | None,
    implemented_on: date | None,
    retired: dict[str, str] | None,
) -> dict[str, Any]:
    return {
        **control_content(document),
        "library": library,
        "owner": owner,
        "adopted_on": adopted_on and adopted_on.isoformat(),
        "implemented_on": implemented_on and implemented_on.isoformat(),
        "retired": retired,
    }


def _retired(on: date | None, because: str) -> dict[str, str] | None:
    return {"on": on.isoformat(), "because": because} if on else None


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    said = {name: value for name, value in item.content.items() if name not in _DECIDED}
    document, problems = read_control(said, criteria=given.catalog.criteria)
    owner = given.member(item, "owner", problems, slug=_SLUG)
    before = given.standing(item)
    days = {
        name: read_day(item.content.get(name), field=name, today=given.today, problems=problems)
        for name in ("adopted_on", "implemented_on")
    }
    adopted = before.content["adopted_on"] if before else given.today.isoformat()
    content = _content(
        document,
        library=_library(given, item, problems),
        owner=owner.user.email if owner else None,
        adopted_on=days["adopted_on"] or date.fromisoformat(adopted),
        implemented_on=days["implemented_on"],
        retired=_read_retired(item, given.today, problems),
    )
    if before is None:
        from_library = () if content["library"] else {each.id for each in given.catalog.controls}
        problems += read_code(item.key, taken=(), library=from_library)
    else:
        problems += _fixed(before.content, content)
    return content, problems


def _library(given: Given, item: Item, problems: list[Problem]) -> str:
    said = item.content.get("library") or ""
    before = given.standing(item)
    if before is None and said and said not in {each.id for each in given.catalog.controls}:
        todo = "name one of reperform's library, or leave it out for a control of your own"
        problems.append(Problem("library", f"has no control {str(said)[:40]!r}", todo, _SLUG))
    return str(said)


def _read_retired(item: Item, today: date, problems: list[Problem]) -> dict[str, str] | None:
    said = item.content.get("retired")
    if said is None:
        return None
    if not isinstance(said, dict) or set(said) != {"on", "because"}:
        todo = 'write {on: 2026-01-31, because: "why"}'
        problems.append(Problem("retired", "is not a day and a reason", todo, _SLUG))
        return None
    on = read_day(said["on"], field="retired: on", today=today, problems=problems)
    because = read_reason(said["because"], problems=problems)
    if said["on"] in (None, ""):
        problems.append(Problem("retired: on", "is empty", "write a day as 2026-01-31", _SLUG))
    return _retired(on, because)


def _fixed(before: Content, after: Content) -> list[Problem]:
    """Return what a file says of a control that cannot change."""
    if before["retired"] and not same(before, after):
        todo = "take the file out again, and adopt it under a new code"
        return [Problem("retired", "it is retired, so nothing about it changes", todo, _SLUG)]
    return [
        Problem(
            name, "is fixed when a control is adopted", f"write {before[name] or 'none'}", _SLUG
        )
        for name in ("library", "adopted_on")
        if before[name] != after[name]
    ]


def _apply(given: Given, change: Change) -> None:
    after, code = change.after, change.item.key
    if change.before is None:
        _adopt(given, code, after)
    elif not same({**change.before.content, "retired": None}, {**after, "retired": None}):
        change_control(
            organization=given.organization,
            seen=Seen(code, change.before.version),
            document=_document(given, after),
            owner=given.members.get((after["owner"] or "").lower()),
            implemented_on=_day(after["implemented_on"]),
            by=given.by,
            at=given.at,
        )
    if after["retired"]:
        row = AdoptedControl.objects.get(organization=given.organization, code=code)
        _done(
            retire_controls(
                organization=given.organization,
                seen=[Seen(code, row.version)],
                on=date.fromisoformat(after["retired"]["on"]),
                reason=after["retired"]["because"],
                by=given.by,
                at=given.at,
            )
        )


def _adopt(given: Given, code: str, after: Content) -> None:
    origin = next((each for each in given.catalog.controls if each.id == after["library"]), None)
    new = NewControl(
        code=code,
        document=_document(given, after),
        library_id=after["library"],
        taken=library_document(origin) if origin else None,
        owner=given.members.get((after["owner"] or "").lower()),
        implemented_on=_day(after["implemented_on"]),
        adopted_on=_day(after["adopted_on"]),
    )
    _done(adopt_controls(organization=given.organization, controls=[new], by=given.by, at=given.at))


def _document(given: Given, after: Content) -> ControlDocument:
    said = {name: after[name] for name in LABELS}
    return read_control(said, criteria=given.catalog.criteria)[0]


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _done(done: Done) -> None:
    for _, refusal in done.refused:
        raise refusal


REGISTER = Register(KIND, _standing, _read, _apply)
