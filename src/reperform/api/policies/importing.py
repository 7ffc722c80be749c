"""Policies brought as Markdown, for programs: a dry run, and the import."""

from ninja import File, Form, Schema
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused
from reperform.api.policies.router import imports, refuse
from reperform.base.problem import Problem
from reperform.base.visible import file_name
from reperform.program.actions.policies import NewPolicy, import_policies
from reperform.program.policies.importing import LARGEST_IMPORT, ImportPlan, plan_import
from reperform.program.queries.policies import keys_of


class BroughtOut(Schema):
    """A policy that the file would make, with what is to be filled in it."""

    file: str
    id: str
    title: str
    unfilled: list[str]
    ignored: list[str]


class PolicyImportOut(Schema):
    """What a file would make; send `fingerprint` as `expected` to import it.

    With a problem nothing is imported.
    """

    fingerprint: str
    policies: list[BroughtOut]
    problems: list[ProblemOut]

    @staticmethod
    def of(plan: ImportPlan) -> "PolicyImportOut":
        """Return a plan as an answer."""
        return PolicyImportOut(
            fingerprint=plan.fingerprint,
            policies=[
                BroughtOut(
                    file=each.file,
                    id=each.key,
                    title=each.fields.title,
                    unfilled=list(each.text.unfilled),
                    ignored=list(each.ignored),
                )
                for each in plan.policies
            ],
            problems=[ProblemOut.of(each) for each in plan.problems],
        )


@imports.post(
    "/dry-run", response={200: PolicyImportOut, 422: Refused}, auth=takes("policies.edit")
)
def dry_run(request: ApiRequest, file: File[UploadedFile]) -> PolicyImportOut:
    """Say what one Markdown file, or a ZIP of many, would make; nothing is kept."""
    plan = _plan(request, file)
    if not plan.policies:
        refuse(plan.problems)
    return PolicyImportOut.of(plan)


@imports.post("", response={200: PolicyImportOut, 422: Refused}, auth=takes("policies.edit"))
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str]
) -> PolicyImportOut:
    """Make a draft of each policy of a file, as its dry run showed, or none."""
    plan = _plan(request, file)
    refuse(plan.problems)
    if expected != plan.fingerprint:
        todo = "look at a dry run of this file again"
        what = "is not the fingerprint of what would be made"
        refuse([Problem("expected", what, todo, "policy-file")])
    import_policies(
        organization=request.auth.organization,
        news=[NewPolicy(each.key, each.fields, each.text) for each in plan.policies],
        file_name=file_name(file.name),
        sha256=plan.sha256,
        author=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return PolicyImportOut.of(plan)


def _plan(request: ApiRequest, file: UploadedFile) -> ImportPlan:
    return plan_import(
        file.read(LARGEST_IMPORT + 1),
        name=file_name(file.name),
        taken=keys_of(request.auth.organization),
    )
