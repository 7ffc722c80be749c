"""`reperform oscal`: controls to and from OSCAL, the format of NIST."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.catalog.crosswalks import Crosswalk
from reperform.catalog.installed import catalog
from reperform.catalog.oscal import OscalFile
from reperform.catalog.oscal.read import read_oscal
from reperform.cli.program_files import Named, organization_named
from reperform.ledger.durable import write_whole
from reperform.program.code.oscal_drafts import criteria_of, drafts_of
from reperform.report.oscal_components import component_definition

_FRAMEWORK = "nist-sp-800-53-r5"
_MOST_PROBLEMS = 20

oscal_app = typer.Typer(
    help="Controls to and from OSCAL, the format of NIST.", no_args_is_help=True
)


class OscalRefusedError(RefusalError):
    """A file is no OSCAL that can be taken."""

    slug = "oscal-refused"


@oscal_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write the component definition.")],
    organization: Named = None,
) -> None:
    """Write the controls in force as an OSCAL component definition, in JSON.

    Each control is a component that carries out criteria, which stand by id. The same controls
    give the same file.
    """
    found = organization_named(organization)
    from reperform.program.controls.document import State  # noqa: PLC0415 - after the settings
    from reperform.program.models import AdoptedControl  # noqa: PLC0415 - as above
    from reperform.program.queries import stated_controls  # noqa: PLC0415 - as above

    controls = [each for each in stated_controls(found) if each.state is State.ADOPTED]
    rows = AdoptedControl.objects.filter(organization=found).order_by("-changed_at")
    latest = rows.values_list("changed_at", flat=True).first() or found.created_at
    definition = component_definition(
        controls,
        organization=found.name,
        organization_id=found.id,
        version=latest.date().isoformat(),
        at=latest,
    )
    text = json.dumps(definition, ensure_ascii=False, indent=2)
    write_whole(file, f"{text}\n".encode())
    typer.echo(f"{len(controls):,} controls are in {file}", err=True)


@oscal_app.command()
def drafts(
    file: Annotated[Path, typer.Argument(help="A component definition in JSON.")],
    folder: Annotated[
        Path, typer.Argument(help="A program's folder, where drafts of controls are written.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")
    ] = False,
) -> None:
    """Draft a control for each one that a component definition carries out, as files to finish.

    Criteria are proposed by the crosswalk to SP 800-53. What OSCAL does not say is left out:
    `reperform plan` names it. Nothing is adopted before you apply the folder.
    """
    found = _read(file, "component-definition")
    there = {path.stem for path in (folder / "controls").glob("*.md")}
    crosswalk = _crosswalk()
    made = drafts_of(found.components, crosswalk, taken=there)
    for draft in made:
        note = f"  no criterion is proposed for {draft.unmapped[0]}" if draft.unmapped else ""
        typer.echo(visible(f"controls/{draft.code}.md{note}"))
        if not dry_run:
            write_whole(folder / "controls" / f"{draft.code}.md", draft.text.encode())
    said = "would be written" if dry_run else "are written"
    typer.echo(f"{len(made):,} drafts {said}; finish them, then: reperform plan {folder}", err=True)


@oscal_app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A catalog in JSON.")],
    profile: Annotated[
        Path | None, typer.Option(help="A profile in JSON: only what it takes is shown.")
    ] = None,
) -> None:
    """Show which criteria the controls of a catalog bear on, by the crosswalk to SP 800-53.

    With a profile, of the controls that it takes. Nothing is kept.
    """
    found = _read(file, "catalog")
    chosen = _read(profile, "profile").selected if profile else None
    crosswalk = _crosswalk()
    known = {control.id for control in found.controls}
    reached: set[str] = set()
    count = mapped = 0
    for control in found.controls:
        if chosen is not None and control.id not in chosen:
            continue
        criteria = criteria_of(control.id, crosswalk)
        count, mapped = count + 1, mapped + bool(criteria)
        reached |= set(criteria)
        typer.echo(visible(f"{control.id}  {control.title}: {', '.join(criteria) or 'none'}"))
    for missing in sorted(set(chosen or ()) - known):
        typer.echo(visible(f"{missing}: the profile takes it, and the catalog does not have it"))
    typer.echo(f"{mapped:,} of {count:,} controls bear on {len(reached)} criteria", err=True)


def _crosswalk() -> Crosswalk | None:
    return next((each for each in catalog().crosswalks if each.framework.slug == _FRAMEWORK), None)


def _read(path: Path, kind: str) -> OscalFile:
    """Return an OSCAL file of one kind.

    Raises:
        OscalRefusedError: it is none, or has a problem.
    """
    found, problems = read_oscal(path)
    if found is None:
        raise OscalRefusedError(
            f"nothing was taken: {path} has {len(problems):,} problem(s)",
            why="Half of a file would look like a whole one.",
            todo=[str(problem) for problem in problems[:_MOST_PROBLEMS]],
        )
    if found.kind != kind:
        raise OscalRefusedError(
            f"nothing was taken: {path} is a {found.kind}",
            why="Each kind of OSCAL file says something else.",
            todo=f"name a {kind} in JSON",
        )
    return found
