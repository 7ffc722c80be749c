"""Policies brought as Markdown: a file or a ZIP, its dry run, and the import as drafts."""

from typing import Any

from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.policies import PURPOSE, NewPolicy, import_policies
from reperform.program.policies.importing import LARGEST_IMPORT, ImportPlan, plan_import
from reperform.program.queries.policies import keys_of
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import Visitor


def _look(content: bytes, name: str) -> dict[str, Any]:
    plan = plan_import(content, name=name, taken=())
    return {} if plan.policies else {"problems": plan.problems}


def _plan(visitor: Visitor, kept: Kept) -> ImportPlan:
    taken = keys_of(visitor.organization)
    return plan_import(kept.content, name=kept.file_name, taken=taken)


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    plan = _plan(visitor, kept)
    refuse_unseen(plan, expected=kept.expected, file=kept.file_name, what="Policies")
    made = import_policies(
        organization=visitor.organization,
        news=[NewPolicy(each.key, each.fields, each.text) for each in plan.policies],
        file_name=kept.file_name,
        sha256=plan.sha256,
        author=visitor.membership,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{len(made)} {'policies' if len(made) > 1 else 'policy'} imported as drafts."


urlpatterns = ImportPages(
    name="policies_import",
    back="policies",
    label="Policies",
    permission="policies.edit",
    purpose=PURPOSE,
    ask="web/policies/import.html",
    check="web/policies/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    look=_look,
    largest=LARGEST_IMPORT,
).urlpatterns()
