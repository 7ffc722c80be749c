"""From an adopted control and what was seen of it to its four facets, each with its reason.

A control that nobody examined is *unknown*: that is not no, and never yes.  What was seen of
another wording, of other days or before the control was adopted counts in part at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reperform.catalog.controls import Control
from reperform.program.controls.fit import Fit, Fitting, fitting
from reperform.program.controls.tested import wording_sha256
from reperform.program.gap import Facet, Readiness
from reperform.program.gap.seen import NO_EXCEPTIONS, UNABLE, Seen, SeenControl, spoils_evidence
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.scope.document import ScopeDocument


@dataclass(frozen=True, slots=True)
class Adopted:
    """A control that management took as its own.

    Attributes:
        control: as management states it; its id is management's code.
        library_id: the library's control that it came from; empty for one of their own.
        is_as_library: it says what the library's control says, so that tests of that one fit.
        owner: who answers for it, by name; empty while nobody is named.
        owner_number: the owner's membership; None while nobody is named.
        adopted_on: the day.
        implemented_on: the day on which management says it was put in place; None for not said.
    """

    control: Control
    library_id: str
    is_as_library: bool
    owner: str
    owner_number: int | None
    adopted_on: date
    implemented_on: date | None
    fits: Mapping[str, Fit] = field(default_factory=dict)
    """What was confirmed of the library's tests, by test."""


def assess_adopted(
    adopted: Adopted, *, seen: Seen | None, scope: ScopeDocument, traces: Sequence[Trace] = ()
) -> Readiness:
    """Return how far an adopted control has come.

    Args:
        adopted: the control.
        seen: the latest examination; None while there is none.
        scope: what the program works toward.
        traces: what the registers say of it.
    """
    found = _found(adopted, seen)
    reasons = _unseen_reasons(adopted, seen) if found is None else _test_reasons(found)
    implemented, evidenced, operated = _facets(found)
    fits = _fitting(adopted, found)
    if found is not None and seen is not None:
        if fits.is_whole:
            evidenced, operated = _lifted(found)
        limits = _limits(adopted, seen, scope, fits)
        reasons += limits
        if limits:
            evidenced, operated = _in_part(evidenced), _in_part(operated)
        if _is_tailored(adopted) and not fits.is_whole:
            implemented = _in_part(implemented)
    if not adopted.owner:
        implemented = _in_part(implemented)
        reasons.append("nobody is named who answers for it")
    lacking = [each for each in traces if each.state is TraceState.LACKING]
    if lacking:
        implemented = _in_part(implemented)
        reasons += [f"{each.register}: {each.said}" for each in lacking]
    if scope.type == 1:
        operated = Facet.NOT_EXAMINED
    elif operated is Facet.NOT_EXAMINED:
        operated = Facet.UNKNOWN
    return Readiness(
        control=adopted.control,
        designed=Facet.YES,
        implemented=implemented,
        evidenced=evidenced,
        operated=operated,
        reasons=tuple(reasons),
        steps=(*_steps(adopted, found, seen, fits), *map(put_right, lacking)),
        notes=fits.fits,
    )


def _is_tailored(adopted: Adopted) -> bool:
    return bool(adopted.library_id) and not adopted.is_as_library


def _fitting(adopted: Adopted, found: SeenControl | None) -> Fitting:
    """Return how the tests that were run stand to a tailored wording; nothing of any other."""
    tests = found.tests if found and _is_tailored(adopted) else ()
    return fitting(
        [(test.id, test.sha256) for test in tests],
        confirmed=adopted.fits,
        wording_sha256=wording_sha256(adopted.control),
    )


def _lifted(found: SeenControl) -> tuple[Facet, Facet]:
    """Return evidence and operation by the tests themselves, all of which fit the wording.

    The examination may have looked before that was confirmed, and counted them in part for the
    wording alone.
    """
    evidenced, operated = found.evidenced, found.operated
    if evidenced is Facet.PARTLY and all(test.is_whole for test in found.tests):
        evidenced = Facet.YES
    if operated is Facet.PARTLY and all(test.conclusion == NO_EXCEPTIONS for test in found.tests):
        operated = Facet.YES
    return evidenced, operated


def _found(adopted: Adopted, seen: Seen | None) -> SeenControl | None:
    """Return the control as the examination saw it: one of their own under its own code."""
    found = seen.controls.get(adopted.library_id or adopted.control.id) if seen else None
    is_own = not adopted.library_id
    return found if found is not None and found.is_own == is_own else None


def put_right(trace: Trace) -> str:
    """Return what to do about a trace that is lacking."""
    return f"Put right in {trace.register}: {trace.said}"


def _facets(found: SeenControl | None) -> tuple[Facet, Facet, Facet]:
    if found is None:
        return Facet.UNKNOWN, Facet.UNKNOWN, Facet.UNKNOWN
    return found.implemented, found.evidenced, found.operated


def _in_part(facet: Facet) -> Facet:
    return Facet.PARTLY if facet is Facet.YES else facet


def _unseen_reasons(adopted: Adopted, seen: Seen | None) -> list[str]:
    said = (
        f" (management says that it is in place since {adopted.implemented_on})"
        if adopted.implemented_on
        else ""
    )
    if seen is None:
        return [f"no examination was run yet, so nobody has seen it{said}"]
    if not adopted.library_id:
        return [f"it is a control of your own, and no test reads evidence of it{said}"]
    return [f"examination {seen.number} did not look at it{said}"]


def _test_reasons(found: SeenControl) -> list[str]:
    if found.is_own:
        by_hand = "a procedure by hand is needed"
        return [f"it is a control of your own, and no test reads evidence of it: {by_hand}"]
    if not found.tests:
        return ["no test of it reads evidence, and nobody has shown its trace"]
    return [f"{test.id}: {test.reason}" for test in found.tests if test.conclusion != NO_EXCEPTIONS]


def _limits(adopted: Adopted, seen: Seen, scope: ScopeDocument, fits: Fitting) -> list[str]:
    found = []
    if adopted.adopted_on > seen.on:
        found.append(
            f"examination {seen.number} looked on {seen.on}, before the control was adopted "
            f"on {adopted.adopted_on}"
        )
    if _is_tailored(adopted) and not fits.is_whole:
        said = f"the tests are of the library's wording of {adopted.library_id}, and yours differs"
        found += [said, *fits.lacking]
    if spoils_evidence(seen, scope):
        found.append(f"what was seen is of other days: {seen.period_text()}")
    return found


def _steps(
    adopted: Adopted, found: SeenControl | None, seen: Seen | None, fits: Fitting
) -> list[str]:
    steps = []
    tests = found.tests if found else ()
    deviating = [test for test in tests if test.deviations]
    if deviating:
        named = ", ".join(f"{t.deviations:,} of {t.population:,} in {t.id}" for t in deviating)
        steps.append(f"Find the cause of each deviation ({named}) and put it right.")
    if not adopted.owner:
        steps.append(f"Name who answers for it (its role is {adopted.control.owner}).")
    if adopted.implemented_on is None:
        steps.append("Put it in place, and record the day on which it was.")
    if not tests:
        steps.append(f"Keep its trace, and show it: {_trace(adopted.control.evidence)}.")
    if fits.lacking:
        steps.append(
            "Compare your wording with each test, and confirm those that fit it; agree with your "
            "auditor on a procedure by hand for what they do not test."
        )
    if not adopted.library_id:
        steps.append("Agree with your auditor how it is tested by hand, and on which items.")
    steps += [f"Make {t.id} testable: {t.reason}" for t in tests if t.conclusion == UNABLE]
    if seen is not None and adopted.adopted_on > seen.on:
        steps.append("Run an examination: the latest one is older than the control.")
    return steps


def _trace(evidence: Sequence[str]) -> str:
    return "; ".join(evidence) or "its evidence is not named yet"
