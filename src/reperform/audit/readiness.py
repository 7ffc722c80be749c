"""From runs of tests of controls to the four facets of a control."""

from collections.abc import Sequence

from reperform.audit.examination import Wording
from reperform.catalog.controls import Control
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.program.controls.fit import NOTHING_FITS, Fitting
from reperform.program.gap import Facet, Readiness
from reperform.program.scope import ReportType
from reperform.program.statement import Adoption
from reperform.testing.manual import ManualProcedure
from reperform.testing.outcome import Conclusion
from reperform.testing.procedure import Procedure
from reperform.testing.runner import ProcedureRun


def assess_control(
    control: Control,
    runs: Sequence[ProcedureRun],
    *,
    adoption: Adoption | None,
    report_type: ReportType,
    wording: Wording = Wording.LIBRARY,
    fits: Fitting = NOTHING_FITS,
    unfed: Sequence[Procedure] = (),
    planned: Sequence[ManualProcedure] = (),
) -> Readiness:
    """Return how far a control has come, judged from evidence and management's statement alone.

    * designed: yes when management adopted it, partly when it is only proposed by the library.
    * implemented: yes when every item seen passed, partly when some did, no when none did,
      unknown when nothing could be seen.
    * evidenced: yes when evidence covers every day for every test, partly when it covers some or
      when management says something else than the library, whose text the tests are written for;
      no when there is no test or nothing was collected, as of every control of management's own.
    * operated: yes when every test found no exceptions (partly, when the tests are written for
      another wording, or a person performs one of them and has not), no when one found some, else
      unknown; not examined in a Type 1.

    Of tests that were not run, those over populations keep evidenced and operated at partly: what
    one source shows is not what all of them would.  Those over the tables of one source do not:
    nobody has every code host.
    """
    designed = Facet.YES if adoption else Facet.PARTLY
    implemented, evidenced = _implemented(runs), _evidenced(runs)
    operated = _operated(runs) if report_type == 2 else Facet.NOT_EXAMINED  # noqa: PLR2004 - the type's name
    reasons = [] if adoption else ["proposed by the library; management has not adopted it"]
    unseen = [each for each in unfed if not set(each.tables).isdisjoint(POPULATIONS)]
    if unseen:
        evidenced, operated = _in_part(evidenced), _in_part(operated)
        reasons += [f"{each.id}: not run, no source in use fills what it reads" for each in unseen]
    if runs and planned and report_type == 2:  # noqa: PLR2004 - as above
        operated = _in_part(operated)
        reasons += [
            f"{each.id}: a person performs it, and nobody has; the other tests do not see all"
            for each in planned
        ]
    if wording is Wording.TAILORED and not fits.is_whole:
        evidenced, operated = _in_part(evidenced), _in_part(operated)
        reasons.append("tailored: its tests are written for the library's text, not for this one")
        reasons += fits.lacking
    if wording is Wording.OWN:
        reasons.append(
            "unable to test: it is management's own control, and no test reads evidence of it, so "
            "a procedure by hand is needed"
        )
    elif not runs:
        reasons.append("no test of it reads evidence, and nobody has shown its trace")
    reasons += [
        f"{run.procedure.id}: {run.reason}"
        for run in runs
        if run.conclusion is not Conclusion.NO_EXCEPTIONS
    ]
    return Readiness(
        control=control,
        designed=designed,
        implemented=implemented,
        evidenced=evidenced,
        operated=operated,
        reasons=tuple(reasons),
        steps=(
            *_steps(control, runs, adoption=adoption, wording=wording),
            *_to_connect(unfed),
            *(_to_perform(planned) if runs and report_type == 2 else ()),  # noqa: PLR2004 - as above
        ),
        notes=fits.fits,
    )


def _to_connect(unfed: Sequence[Procedure]) -> list[str]:
    """Return what to connect for tests over tables that no source in use fills."""
    if not unfed:
        return []
    tables = sorted({table for each in unfed for table in each.tables})
    tests = ", ".join(each.id for each in unfed)
    return [f"Connect a source that fills {', '.join(tables)}: then {tests} can be run."]


def _to_perform(planned: Sequence[ManualProcedure]) -> list[str]:
    """Return what to have done by a person for tests that no engine runs."""
    if not planned:
        return []
    named = ", ".join(each.id for each in planned)
    return [f"Keep what {named} asks for, and agree with the service auditor who performs it."]


def _in_part(facet: Facet) -> Facet:
    return Facet.PARTLY if facet is Facet.YES else facet


def _implemented(runs: Sequence[ProcedureRun]) -> Facet:
    judged = sum(run.passed + run.deviations for run in runs)
    passed = sum(run.passed for run in runs)
    if not judged:
        return Facet.UNKNOWN
    if not passed:
        return Facet.NO
    every = all(run.population and run.passed == run.population for run in runs)
    return Facet.YES if every else Facet.PARTLY


def _evidenced(runs: Sequence[ProcedureRun]) -> Facet:
    if not runs:
        return Facet.NO
    if all(_is_covered(run) for run in runs):
        return Facet.YES
    return Facet.PARTLY if any(run.population for run in runs) else Facet.NO


def _is_covered(run: ProcedureRun) -> bool:
    return not run.gaps and not run.unable and run.conclusion is not Conclusion.UNABLE


def _operated(runs: Sequence[ProcedureRun]) -> Facet:
    conclusions = {run.conclusion for run in runs}
    if Conclusion.EXCEPTIONS in conclusions:
        return Facet.NO
    return Facet.YES if conclusions == {Conclusion.NO_EXCEPTIONS} else Facet.UNKNOWN


def _steps(
    control: Control,
    runs: Sequence[ProcedureRun],
    *,
    adoption: Adoption | None,
    wording: Wording,
) -> list[str]:
    steps = []
    deviating = [run for run in runs if run.deviations]
    if deviating:
        named = ", ".join(
            f"{run.deviations} of {run.population} in {run.procedure.id}" for run in deviating
        )
        steps.append(f"Find the cause of each deviation ({named}) and put it right.")
    if not adoption:
        steps.append(f"Adopt or tailor it, and name its owner (suggested: {control.owner}).")
    if not runs:
        kept = "; ".join(control.evidence) or "its evidence is not named yet"
        steps.append(f"Start to keep its trace: {kept}.")
    if wording is Wording.OWN:
        steps.append("Agree with the service auditor how it is tested by hand, and on which items.")
    steps += [
        f"Make {run.procedure.id} testable: {run.reason}"
        for run in runs
        if run.conclusion is Conclusion.UNABLE
    ]
    return steps
