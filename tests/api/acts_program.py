"""The acts on scope, description, controls, plan and examinations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.models import Membership
from reperform.audit.actions import keep_examination
from reperform.audit.queries import program_state
from reperform.base.grid import read_grid
from reperform.catalog.installed import catalog
from reperform.program.actions import controls, plan
from reperform.program.actions.assessments import import_assessment
from reperform.program.actions.control_bulk import carry_out
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.description import write_field
from reperform.program.actions.fits import confirm_fit, withdraw_fit
from reperform.program.actions.readiness import record_readiness
from reperform.program.actions.scope import change_scope
from reperform.program.actions.uploads import keep_upload
from reperform.program.controls.bulk import Order
from reperform.program.controls.document import ControlDocument, library_document
from reperform.program.models import AdoptedControl, PendingUpload, RemediationTask
from reperform.program.plan import Risk, TaskFields, TaskState
from reperform.program.plan.proposals import Proposal
from reperform.program.queries import current_scope
from reperform.program.queries.assessments import import_plan
from reperform.program.scope.document import ScopeDocument
from reperform.testing.installed import library_test
from web.examined import write_outputs

Act = Callable[[], object]
FILE = b"criterion,status,note\nCC6.1,met,\nCC6.2,not met,Review access\n"
COLUMNS = {"criterion": 0, "status": 1, "note": 2}
TEXT = ControlDocument(
    "Review", "Ada reviews.", ("CC8.1",), nature="detective", kind="manual", frequency="monthly"
)
DAY = date(2026, 7, 1)


def adopted(place: Place, *codes: str) -> None:
    controls.adopt_controls(
        organization=place.organization,
        controls=[NewControl(code, TEXT) for code in codes],
        by="test",
        at=EARLIER,
    )


def seen(place: Place) -> list[Seen]:
    """Return the controls as they are now."""
    found = AdoptedControl.objects.filter(organization=place.organization).order_by("code")
    return [Seen(each.code, each.version) for each in found]


def tasks(place: Place, *titles: str) -> None:
    for title in titles:
        plan.make_task(
            organization=place.organization, fields=TaskFields(title), by="test", at=EARLIER
        )


def versions(place: Place) -> dict[int, int]:
    found = RemediationTask.objects.filter(organization=place.organization)
    return dict(found.values_list("number", "version"))


def scope(place: Place) -> Act:
    decided = ScopeDocument(system="Invoicing"), ScopeDocument(system="Invoicing", boundaries="x")

    def act(number: int = 1) -> None:
        change_scope(
            organization=place.organization,
            scope=decided[number],
            seen=current_scope(place.organization).number,
            library=catalog().digest,
            by=BY if number else "test",
            at=AT if number else EARLIER,
        )

    act(0)
    return act


def description(place: Place) -> Act:
    for text in ("Invoices.",):
        write_field(
            organization=place.organization, field="dc3.data", text=text, seen=0, by="t", at=EARLIER
        )
    number = iter((1, 2))
    return lambda: write_field(
        organization=place.organization,
        field="dc3.data",
        text="Invoices and receipts.",
        seen=next(number),
        by=BY,
        at=AT,
    )


def adopt(place: Place) -> Act:
    new = [NewControl("OWN-01", TEXT), NewControl("OWN-02", TEXT)]
    return lambda: controls.adopt_controls(
        organization=place.organization, controls=new, by=BY, at=AT
    )


def change_control(place: Place) -> Act:
    adopted(place, "OWN-01")
    owner = place.member()
    return lambda: controls.change_control(
        organization=place.organization,
        seen=seen(place)[0],
        document=replace(TEXT, text="Grace reviews."),
        owner=owner,
        implemented_on=DAY,
        by=BY,
        at=AT,
    )


def change_controls(place: Place) -> Act:
    adopted(place, "OWN-01", "OWN-02")
    return lambda: controls.change_controls(
        organization=place.organization,
        seen=seen(place),
        values={"frequency": "weekly"},
        by=BY,
        at=AT,
    )


def retire(place: Place) -> Act:
    adopted(place, "OWN-01", "OWN-02")
    return lambda: controls.retire_controls(
        organization=place.organization,
        seen=seen(place),
        on=EARLIER.date(),
        reason="Gone.",
        by=BY,
        at=AT,
    )


def tailored(place: Place) -> Act:
    """Adopt one of the library in other words, and return what confirms that its test fits."""
    origin = next(each for each in catalog().controls if each.id == "CHG-01")
    taken = library_document(origin)
    test = library_test("CHG-01.T1")
    assert test
    controls.adopt_controls(
        organization=place.organization,
        controls=[NewControl("CHG-01", replace(taken, text="Ada reads."), "CHG-01", taken)],
        by="test",
        at=EARLIER,
    )
    return lambda: confirm_fit(
        organization=place.organization,
        seen=Seen("CHG-01", 1),
        test=test,
        seen_sha256=test.sha256,
        origin=origin,
        reason="The same reviews.",
        by=BY,
        at=AT,
    )


def withdraw(place: Place) -> Act:
    tailored(place)()
    return lambda: withdraw_fit(
        organization=place.organization,
        code="CHG-01",
        test="CHG-01.T1",
        reason="Wrong.",
        by=BY,
        at=AT,
    )


def bulk(place: Place) -> Act:
    adopted(place, "OWN-01", "OWN-02")
    owner: Membership = place.member()
    return lambda: carry_out(
        organization=place.organization,
        order=Order("owner"),
        seen=seen(place),
        owner=owner,
        library=catalog().controls,
        by=BY,
        at=AT,
    )


def make_task(place: Place) -> Act:
    return lambda: plan.make_task(
        organization=place.organization, fields=TaskFields("Review"), by=BY, at=AT
    )


def propose(place: Place) -> Act:
    new = [Proposal(f"CC6.{n}/controls", TaskFields(f"Task {n}")) for n in (1, 2)]
    return lambda: plan.make_proposed(organization=place.organization, proposals=new, by=BY, at=AT)


def change_task(place: Place) -> Act:
    tasks(place, "Review")
    closed = TaskFields("Review", state=TaskState.DONE, closed_on=DAY, reason="Seen.")
    return lambda: plan.change_task(
        organization=place.organization,
        number=1,
        fields=closed,
        seen=versions(place)[1],
        limited_to=None,
        by=BY,
        at=AT,
    )


def change_tasks(place: Place) -> Act:
    tasks(place, "Review", "Write", "Test")
    return lambda: plan.change_tasks(
        organization=place.organization,
        seen=versions(place),
        changes={"risk": Risk.HIGH},
        limited_to=None,
        by=BY,
        at=AT,
    )


def readiness(place: Place) -> Act:
    def act() -> None:
        state = program_state(place.organization, catalog=catalog(), at=AT)
        record_readiness(organization=place.organization, state=state, by=BY, at=AT)

    return act


def assessment(place: Place) -> Act:
    member = place.member()

    def act() -> None:
        whole = import_plan(
            place.organization,
            read_grid(FILE, name="old.csv"),
            COLUMNS,
            criteria=catalog().criteria,
        )
        import_assessment(
            organization=place.organization,
            member=member,
            file_name="old.csv",
            content=FILE,
            mapping=COLUMNS,
            expected=whole.fingerprint,
            criteria=catalog().criteria,
            by=BY,
            at=AT,
        )

    return act


def upload(place: Place) -> Act:
    member = place.member()

    def act() -> None:
        keep_upload(member=member, purpose="assessment", file_name="old.csv", content=FILE, at=AT)
        assert PendingUpload.objects.get().file_name == "old.csv"

    return act


def examination(place: Place) -> Act:
    folder = write_outputs(place.folder / "out")
    return lambda: keep_examination(organization=place.organization, folder=folder, by=BY, at=AT)


NEXT = "a second one"
PROGRAM = "program.actions."
CASES = {
    f"{PROGRAM}scope.change_scope": Case(
        scope, ("scope.decided",), {"boundaries": ""}, {"boundaries": "x", "version": 2}
    ),
    f"{PROGRAM}description.write_field": Case(
        description,
        ("description.written",),
        {"text": "Invoices."},
        {"text": "Invoices and receipts.", "version": 2},
    ),
    f"{PROGRAM}controls.adopt_controls": Case(
        adopt, ("control.adopted",) * 2, after={"title": "Review", "text": "Ada reviews."}
    ),
    f"{PROGRAM}fits.confirm_fit": Case(
        tailored,
        ("fit.confirmed",),
        after={"test": "CHG-01.T1", "control_version": 1, "reason": "The same reviews."},
    ),
    f"{PROGRAM}fits.withdraw_fit": Case(
        withdraw,
        ("fit.withdrawn",),
        {"test": "CHG-01.T1", "reason": "The same reviews."},
        {"test": "CHG-01.T1", "withdrawn_because": "Wrong."},
    ),
    f"{PROGRAM}controls.change_control": Case(
        change_control,
        ("control.changed",),
        {"text": "Ada reviews.", "owner": None, "implemented_on": None},
        {
            "text": "Grace reviews.",
            "owner": "employee@larkspur.example",
            "implemented_on": "2026-07-01",
        },
    ),
    f"{PROGRAM}controls.change_controls": Case(
        change_controls, ("control.changed",) * 2, {"frequency": "monthly"}, {"frequency": "weekly"}
    ),
    f"{PROGRAM}controls.retire_controls": Case(
        retire,
        ("control.retired",) * 2,
        {"retired_on": None},
        {"retired_on": "2026-08-01", "retired_because": "Gone."},
    ),
    f"{PROGRAM}control_bulk.carry_out": Case(
        bulk, ("control.changed",) * 2, {"owner": None}, {"owner": "employee@larkspur.example"}
    ),
    f"{PROGRAM}plan.make_task": Case(
        make_task, ("task.made",), after={"title": "Review", "state": "open"}, again=NEXT
    ),
    f"{PROGRAM}plan.make_proposed": Case(
        propose, ("tasks.proposed",), after={"1": "CC6.1/controls: Task 1"}
    ),
    f"{PROGRAM}plan.change_task": Case(
        change_task,
        ("task.closed",),
        {"state": "open", "reason": ""},
        {"state": "done", "reason": "Seen."},
    ),
    f"{PROGRAM}plan.change_tasks": Case(
        change_tasks,
        ("tasks.changed",),
        {str(number): {"risk": "medium"} for number in (1, 2, 3)},
        {str(number): {"risk": "high"} for number in (1, 2, 3)},
    ),
    f"{PROGRAM}readiness.record_readiness": Case(
        readiness, ("readiness.recorded",), after={"adopted_controls": 0}
    ),
    f"{PROGRAM}assessments.import_assessment": Case(
        assessment,
        ("assessment.imported",),
        after={"file": "old.csv", "rows": 2, "tasks": [1]},
        again="claims of another day",
    ),
    f"{PROGRAM}uploads.keep_upload": Case(upload, ()),
    "audit.actions.keep_examination": Case(
        examination, ("examination.kept",), after={"scope": 0}, again=NEXT
    ),
}
