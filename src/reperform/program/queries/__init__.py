"""Questions about the program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.catalog.controls import Control
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.library import Catalog
from reperform.catalog.starter import starter_ids
from reperform.program.controls.coverage import applicable
from reperform.program.controls.document import (
    AdoptedDocument,
    ControlDocument,
    changed_fields,
    document_of,
    kept_content,
    library_document,
)
from reperform.program.controls.fit import Fit
from reperform.program.controls.flaws import linter
from reperform.program.controls.listing import ControlRow, control_rows
from reperform.program.controls.tested import is_tested_as
from reperform.program.gap.controls import Adopted
from reperform.program.models import (
    AdoptedControl,
    DescriptionVersion,
    RemediationTask,
    ScopeVersion,
)
from reperform.program.queries.fits import fits_of, standing_fits
from reperform.program.scope.document import ScopeDocument
from reperform.program.scope.reading import read_scope
from reperform.program.statement import Adoption


@dataclass(frozen=True, slots=True)
class CurrentScope:
    """The scope as it stands."""

    number: int
    document: ScopeDocument
    version: ScopeVersion | None


def current_scope(organization: Organization) -> CurrentScope:
    """Return the scope; number 0 and an empty one while nobody has decided anything."""
    version = ScopeVersion.objects.filter(organization=organization).order_by("-number").first()
    if version is None:
        return CurrentScope(0, ScopeDocument(), None)
    document, _ = read_scope(version.content, criteria=CRITERION_IDS)
    return CurrentScope(version.number, document, version)


def scope_versions(organization: Organization) -> list[ScopeVersion]:
    """Return every version of the scope, newest first."""
    return list(ScopeVersion.objects.filter(organization=organization).order_by("-number"))


def scope_version(organization: Organization, number: int) -> CurrentScope | None:
    """Return the scope as it was decided in version `number`; None when there is no such."""
    version = ScopeVersion.objects.filter(organization=organization, number=number).first()
    if version is None:
        return None
    document, _ = read_scope(version.content, criteria=CRITERION_IDS)
    return CurrentScope(number, document, version)


@dataclass(frozen=True, slots=True)
class CurrentDescription:
    """The description as it stands, and the scope that it is about.

    Attributes:
        scope: the scope as it stands.
        versions: the latest version of each field that was written.
    """

    scope: CurrentScope
    versions: Mapping[str, DescriptionVersion]

    @property
    def texts(self) -> dict[str, str]:
        """What is written, by field."""
        return {name: version.text for name, version in self.versions.items()}


def latest_fields(organization: Organization) -> dict[str, DescriptionVersion]:
    """Return the latest version of each field of the description that was written, by name."""
    latest = (
        DescriptionVersion.objects.filter(
            organization=OuterRef("organization"), field=OuterRef("field")
        )
        .order_by("-number")
        .values("number")[:1]
    )
    versions = DescriptionVersion.objects.filter(organization=organization, number=Subquery(latest))
    return {version.field: version for version in versions}


def current_description(organization: Organization) -> CurrentDescription:
    """Return the description as it stands."""
    return CurrentDescription(current_scope(organization), latest_fields(organization))


def adopted_titles(organization: Organization) -> dict[str, str]:
    """Return the title of each adopted control, by code, in their order."""
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    return dict(rows.order_by("code").values_list("code", "title"))


def field_versions(organization: Organization, field: str) -> QuerySet[DescriptionVersion]:
    """Return every version of a field, newest first."""
    versions = DescriptionVersion.objects.filter(organization=organization, field=field)
    return versions.order_by("-number")


def adoptions(organization: Organization, *, library: Sequence[Control]) -> dict[str, Adoption]:
    """Return the library's controls that management adopted, by the library's id.

    Where management says something else than the library does, it is stated: a report prints what
    management says, and never what it did not.

    Args:
        organization: whose they are.
        library: the controls that an examination knows.
    """
    known = {control.id: library_document(control) for control in library}
    fits = standing_fits(organization)
    return {
        control.library_id: _adoption(
            control, known[control.library_id], fits=fits.get(control.code, {})
        )
        for control in _in_force(organization)
        if control.library_id in known
    }


def own_adoptions(organization: Organization, *, library: Sequence[Control]) -> dict[str, Adoption]:
    """Return every other control in force, by code: their own, and of no library that is known."""
    known = {control.id for control in library}
    return {
        control.code: _adoption(control, ControlDocument(), fits={})
        for control in _in_force(organization)
        if control.library_id not in known
    }


def _in_force(organization: Organization) -> QuerySet[AdoptedControl]:
    adopted = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    return adopted.defer("library_content").select_related("owner__user").order_by("code")


def _adoption(
    control: AdoptedControl, library: ControlDocument, *, fits: Mapping[str, Fit]
) -> Adoption:
    document = document_of(control)
    return Adoption(
        owner=str(control.owner.user) if control.owner else control.owner_role or "not named",
        adopted_on=control.adopted_on,
        says={
            name: getattr(document, name)
            for name in changed_fields(library, document)
            if not _says_the_same(getattr(document, name), getattr(library, name))
        },
        fits=fits,
    )


def _says_the_same(said: object, library: object) -> bool:
    """Return whether two texts differ in the breaks of their lines at most."""
    return isinstance(said, str) and said.split() == str(library).split()


def adopted_controls(organization: Organization, *, library: Sequence[Control]) -> list[Adopted]:
    """Return the controls in force, own ones too, by code."""
    known = {control.id: control for control in library}
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    members = Membership.objects.filter(organization=organization, is_active=True)
    owners = {member.pk: str(member.user) for member in members.select_related("user")}
    kept = list(rows.defer("library_content").order_by("code"))
    fits = fits_of(organization, [(row, known.get(row.library_id)) for row in kept])
    return [
        _adopted(row, known.get(row.library_id), owners, fits.get(row.code, {})) for row in kept
    ]


def _adopted(
    row: AdoptedControl,
    origin: Control | None,
    owners: Mapping[int, str],
    fits: Mapping[str, Fit],
) -> Adopted:
    owner = owners.get(row.owner_id or 0, "")
    control = Control(
        id=row.code,
        title=row.title,
        family=row.code.partition("-")[0],
        criteria=tuple(row.criteria),
        points_of_focus=tuple(row.points_of_focus),
        nature=row.nature,
        kind=row.kind,
        frequency=row.frequency,
        owner=row.owner_role,
        policies=tuple(row.policies),
        population=row.population,
        evidence=tuple(row.evidence),
        text=row.text,
    )
    return Adopted(
        control=control,
        library_id=row.library_id,
        is_as_library=origin is not None and is_tested_as(control, origin),
        owner=owner,
        owner_number=row.owner_id if owner else None,
        adopted_on=row.adopted_on,
        implemented_on=row.implemented_on,
        fits=fits,
    )


def stated_controls(organization: Organization) -> list[AdoptedDocument]:
    """Return every control that management stated, by code; those retired too."""
    kept = AdoptedControl.objects.filter(organization=organization).select_related("owner__user")
    return [_stated(control) for control in kept.order_by("code")]


def stated_control(organization: Organization, code: str) -> AdoptedDocument | None:
    """Return one control, in force or retired; None when there is no such code."""
    if "\x00" in code:
        return None  # no database can be asked for it
    kept = AdoptedControl.objects.filter(organization=organization, code=code)
    control = kept.select_related("owner__user").first()
    return _stated(control) if control else None


def _stated(control: AdoptedControl) -> AdoptedDocument:
    owner = control.owner
    return AdoptedDocument(
        code=control.code,
        document=document_of(control),
        library_id=control.library_id,
        taken=kept_content(control.library_content),
        owner=str(owner.user) if owner else "",
        owner_number=owner.pk if owner else None,
        owner_is_active=bool(owner and owner.is_active and owner.user.is_active),
        adopted_on=control.adopted_on,
        implemented_on=control.implemented_on,
        retired_on=control.retired_on,
        retired_because=control.retired_because,
        version=control.version,
        changed_by=control.changed_by,
    )


def possible_owners(organization: Organization) -> QuerySet[Membership]:
    """Return the members who may own a control: active, and no auditors, by address."""
    members = Membership.objects.filter(
        organization=organization, is_active=True, user__is_active=True
    )
    return members.exclude(role=Role.AUDITOR.value).select_related("user").order_by("user__email")


def control_rows_of(organization: Organization, catalog: Catalog) -> list[ControlRow]:
    """Return every control, stated by the organization or proposed by the library."""
    scope = current_scope(organization).document
    return control_rows(
        stated_controls(organization),
        library=catalog.controls,
        in_scope=applicable(scope, catalog.criteria),
        starter=starter_ids(catalog.starter, scope.categories),
        lint=linter(catalog.controls),
    )


def tasks_on(organization: Organization, code: str) -> list[RemediationTask]:
    """Return the remediation tasks about one control, open ones first, then by number."""
    tasks = RemediationTask.objects.filter(organization=organization, control=code)
    return sorted(tasks, key=lambda task: (task.state != "open", task.number))


def tasks_until(
    organization: Organization, day: date, *, owner: Membership | None = None
) -> QuerySet[RemediationTask]:
    """Return the open tasks that are due on `day` or before, of everybody or of one owner."""
    found = RemediationTask.objects.filter(organization=organization, state="open", due_on__lte=day)
    return (found if owner is None else found.filter(owner=owner)).order_by("due_on", "number")


def count_open_tasks(organization: Organization, *, today: date) -> tuple[int, int]:
    """Return how many tasks are open, and how many of these are late."""
    found = RemediationTask.objects.filter(organization=organization, state="open").aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return found["open"], found["late"]
