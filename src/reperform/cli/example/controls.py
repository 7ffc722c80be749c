"""Controls of the example: adopted, tailored, written, begun and retired."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.base.front_matter import split_front_matter
from reperform.catalog.installed import catalog
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, plain, read_yaml
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.controls import (
    Done,
    adopt_controls,
    change_controls,
    retire_controls,
)
from reperform.program.controls.document import ControlDocument, library_document
from reperform.program.controls.reading import read_control
from reperform.program.models import AdoptedControl

_FILE = "controls.yaml"
_NOT_OF_THE_DOCUMENT = ("at", "by", "owner", "implemented_on", "code", "library")


def acts(folder: Path) -> Iterator[Act]:
    """Yield what was done to controls."""
    told = read_yaml(folder, _FILE)
    for each in told["adopted"]:
        yield Act(moment(each["at"]), _adopting(each))
    for path in sorted((folder / "controls").glob("*.md")):
        head, text = split_front_matter(path.read_text("utf-8"), where=path.name)
        content = {name: plain(value) for name, value in head.items()}
        yield Act(moment(content["at"]), _writing(content, text))
    for each in told["implemented"]:
        yield Act(moment(each["at"]), _beginning(each))
    for each in told["retired"]:
        yield Act(moment(each["at"]), _retiring(each))


def member(organization: Organization, email: str) -> Membership:
    """Return what a person of the example is."""
    return Membership.objects.get(organization=organization, user__email=email)


def _from_library(code: str) -> ControlDocument:
    return library_document(next(each for each in catalog().controls if each.id == code))


def _adopting(told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a closure, see Act.do
    def do(organization: Organization) -> None:
        owner = member(organization, told["owner"])
        begun = told.get("implemented_on")
        new = []
        for code in told["codes"]:
            taken = _from_library(code)
            implemented_on = date.fromisoformat(begun) if begun else None
            new.append(NewControl(code, taken, code, taken, owner, implemented_on))
        _complete(
            adopt_controls(
                organization=organization, controls=new, by=told["by"], at=moment(told["at"])
            )
        )

    return do


def _writing(told: Mapping[str, Any], text: str) -> Any:  # noqa: ANN401 - as above
    def do(organization: Organization) -> None:
        taken = _from_library(told["library"]) if "library" in told else None
        said = " ".join(text.split())
        if taken:
            document = replace(taken, text=said)
        else:
            fields = {k: v for k, v in told.items() if k not in _NOT_OF_THE_DOCUMENT}
            document, problems = read_control({**fields, "text": said}, criteria=catalog().criteria)
            assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        new = NewControl(
            code=told.get("code", told.get("library", "")),
            document=document,
            library_id=told.get("library", ""),
            taken=taken,
            owner=member(organization, told["owner"]),
            implemented_on=date.fromisoformat(told["implemented_on"]),
        )
        _complete(
            adopt_controls(
                organization=organization, controls=[new], by=told["by"], at=moment(told["at"])
            )
        )

    return do


def _beginning(told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    def do(organization: Organization) -> None:
        _complete(
            change_controls(
                organization=organization,
                seen=_seen(organization, told["codes"]),
                values={"implemented_on": date.fromisoformat(told["implemented_on"])},
                by=told["by"],
                at=moment(told["at"]),
            )
        )

    return do


def _retiring(told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    def do(organization: Organization) -> None:
        at = moment(told["at"])
        _complete(
            retire_controls(
                organization=organization,
                seen=_seen(organization, told["codes"]),
                on=at.date(),
                reason=told["reason"],
                by=told["by"],
                at=at,
            )
        )

    return do


def _seen(organization: Organization, codes: list[str]) -> list[Seen]:
    rows = AdoptedControl.objects.filter(organization=organization, code__in=codes)
    return [Seen(row.code, row.version) for row in rows.order_by("code")]


def _complete(done: Done) -> None:
    """Raise what was refused: the example's files ask for nothing that cannot be done."""
    for _, refusal in done.refused:
        raise refusal
