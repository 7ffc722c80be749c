"""Whatever the pages do, the API does, or `api/not_offered.py` says why not."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

from ninja import Schema

import reperform
import reperform.api
from api.test_access import operations
from reperform.api.not_offered import ACTIONS, PAGES
from web.test_permissions import every_page

OFFERED = {
    "work": "GET /my-work",
    "work_step": "PUT /steps/{number}",
    "own_training": "POST /my-work/trainings",
    "own_record": "GET /my-work/record",
    "people": "GET /people",
    "people_file": "GET /people",
    "people_import": "POST /people/import/dry-run",
    "people_import_check": "POST /people/import",
    "person": "GET /people/{number}",
    "person_new": "POST /people",
    "person_edit": "PUT /people/{number}",
    "person_move": "POST /people/{number}/moves",
    "person_unmove": "POST /people/{number}/moves/{posting}/withdrawal",
    "person_leave": "POST /people/{number}/departure",
    "person_stay": "POST /people/{number}/departure/withdrawal",
    "person_steps": "GET /steps",
    "person_step": "PUT /steps/{number}",
    "person_checklist": "POST /checklists/of-person/{number}",
    "checklists": "GET /checklists",
    "checklist": "PUT /checklists/{checklist}",
    "training": "GET /trainings/lacking",
    "course_new": "POST /courses",
    "course": "PUT /courses/{number}",
    "training_new": "POST /trainings/of-person/{number}",
    "training_withdraw": "POST /trainings/{number}/withdrawal",
    "background_check_new": "POST /checks/of-person/{number}",
    "background_check": "PUT /checks/{number}",
    "populations": "GET /people/populations/{population}",
    "population_file": "GET /people/populations/{population}",
    "org_chart": "GET /people/chart",
    "scope": "GET /scope",
    "scope_version": "GET /scope/versions/{number}",
    "scope_edit": "PUT /scope",
    "description": "GET /description",
    "description_pdf": "GET /description/preview.pdf",
    "description_statement": "GET /description/statement.yaml",
    "description_field": "PUT /description/fields/{field}",
    "description_history": "GET /description/fields/{field}/versions",
    "gap": "GET /gap",
    "gap_criterion": "GET /gap/{criterion}",
    "gap_output": "GET /gap/files/{name}",
    "readiness": "POST /readiness",
    "gap_import": "POST /assessments/dry-run",
    "gap_import_check": "POST /assessments",
    "calendar": "GET /calendar",
    "calendar_table": "GET /calendar",
    "calendar_control": "GET /calendar/{code}",
    "calendar_plan": "PUT /calendar/{code}/plan",
    "occurrence": "GET /occurrences/{number}",
    "occurrence_new": "POST /occurrences",
    "occurrence_correct": "POST /occurrences/{number}/correction",
    "plan": "GET /tasks",
    "plan_propose": "POST /tasks/proposed",
    "plan_start": "GET /plan",
    "task_new": "POST /tasks",
    "task": "PUT /tasks/{number}",
    "assets": "GET /assets",
    "assets_file": "GET /assets",
    "assets_import": "POST /assets/import/dry-run",
    "assets_import_check": "POST /assets/import",
    "asset_new": "POST /assets",
    "asset": "GET /assets/{number}",
    "asset_edit": "PUT /assets/{number}",
    "asset_retire": "POST /assets/{number}/retirement",
    "data_flows": "GET /data-flows",
    "data_flow_new": "POST /data-flows",
    "data_flow": "PUT /data-flows/{number}",
    "data_flow_end": "POST /data-flows/{number}/end",
    "boundary_picture": "GET /data-flows/boundary.svg",
    "program_files": "POST /program/plan",
    "program_files_zip": "GET /program/files",
    "program_files_check": "POST /program/apply",
    "policies": "GET /policies",
    "policy_new": "POST /policies",
    "policies_import": "POST /policy-imports/dry-run",
    "policies_import_check": "POST /policy-imports",
    "policies_output": "GET /policies/files/{name}",
    "policy": "POST /policies/{policy}/acceptance",
    "policy_edit": "PUT /policies/{policy}",
    "policy_write": "POST /policies/{policy}/versions",
    "policy_fill": "POST /policies/{policy}/versions",
    "policy_submit": "POST /policies/{policy}/submission",
    "policy_decide": "POST /policies/{policy}/approval",
    "policy_review": "POST /policies/{policy}/reviews",
    "policy_retire": "POST /policies/{policy}/retirement",
    "policy_version": "GET /policies/{policy}/versions/{number}",
    "policy_version_output": "GET /policies/{policy}/versions/{number}/{name}",
    "policy_acceptances": "POST /policies/{policy}/acceptances",
    "policy_acceptances_output": "GET /policies/{policy}/acceptances/{name}",
    "access_reviews": "GET /access-reviews",
    "access_removals": "GET /access-reviews/removals",
    "access_review_new": "POST /access-reviews",
    "access_review": "GET /access-reviews/{number}",
    "access_review_edit": "PUT /access-reviews/{number}",
    "access_review_finish": "POST /access-reviews/{number}/finish",
    "access_review_file": "GET /access-reviews/{number}/review.xlsx",
    "access_review_system": "POST /access-reviews/{number}/systems/{asset}/decisions",
    "access_review_keep": "POST /access-reviews/{number}/systems/{asset}/keep",
    "account_list": "POST /assets/{number}/accounts/dry-run",
    "account_list_check": "POST /assets/{number}/accounts",
    "systems": "PUT /systems",
    "waivers": "GET /waivers",
    "waiver": "GET /waivers/{number}",
    "waiver_new": "POST /waivers",
    "waiver_edit": "PUT /waivers/{number}",
    "waiver_decide": "POST /waivers/{number}/decision",
    "waiver_withdraw": "POST /waivers/{number}/withdrawal",
    "manual_evidences": "GET /evidence",
    "manual_evidence": "GET /evidence/{number}",
    "manual_evidence_new": "POST /evidence",
    "manual_evidence_withdraw": "POST /evidence/{number}/withdrawal",
    "connections": "GET /connections",
    "connectors": "GET /connectors",
    "connection_new": "POST /connections",
    "connection": "POST /connections/{number}/jobs",
    "connection_jobs": "GET /jobs",
    "connection_job": "GET /jobs/{number}/attempts",
    "notices": "POST /notices/looked",
    "notices_remediation": "PUT /notices/remediation",
    "notices_told": "PUT /notices/told",
    "webhooks": "GET /webhooks",
    "webhook": "GET /webhooks/{number}/deliveries",
    "webhook_new": "POST /webhooks",
    "webhook_edit": "PUT /webhooks/{number}",
    "webhook_retire": "POST /webhooks/{number}/retirement",
    "connection_pause": "POST /connections/{number}/schedule/pause",
    "connection_schedule": "PUT /connections/{number}/schedule",
    "connection_edit": "PUT /connections/{number}",
    "connection_files": "POST /connections/{number}/files",
    "connection_mapping": "POST /connections/{number}/mapping/trial",
    "connection_retire": "POST /connections/{number}/retirement",
    "connection_run": "GET /connections/{number}/runs/{run}",
    "results": "POST /examinations",
    "control_tests": "GET /tests",
    "control_test": "GET /tests/{test_id}/outcomes",
    "control_test_schedule": "PUT /tests/{test_id}/schedule",
    "control_test_pause": "POST /tests/{test_id}/schedule/pause",
    "results_schedule": "PUT /examinations/schedule",
    "results_pause": "POST /examinations/schedule/pause",
    "examination": "GET /examinations/{number}/tests",
    "examination_test": "GET /examinations/{number}/tests/{test_id}/exceptions",
    "examination_population": "POST /examinations/{number}/populations/{table}/release",
    "examination_population_rows": "GET /examinations/{number}/populations/{table}/rows",
    "examination_output": "GET /examinations/{number}/files/{name}",
    "trail": "GET /trail",
    "trail_check": "POST /trail/checks",
    "trail_checkpoint": "GET /trail/checkpoint",
    "members": "POST /members/invitations",
    "member": "PUT /members/{number}",
    "directory_groups": "GET /directory-groups",
    "directory_group": "PUT /directory-groups/{group}/role",
    "invitation_renew": "POST /members/invitations/{number}/renew",
    "invitation_withdraw": "DELETE /members/invitations/{number}",
    "tokens": "POST /tokens",
    "token_revoke": "DELETE /tokens/{number}",
    "settings": "PUT /settings",
    "criteria": "GET /criteria",
    "criterion": "GET /criteria/{criterion}",
    "controls": "GET /controls",
    "control": "GET /controls/{code}",
    "control_new": "POST /controls",
    "control_adopt": "POST /controls",
    "control_edit": "PUT /controls/{code}",
    "control_fit": "GET /controls/{code}/fits",
    "control_retire": "POST /controls/{code}/retirement",
    "control_bulk": "POST /controls/bulk",
    "control_matrix": "GET /matrix",
    "control_matrix_file": "GET /matrix",
    "providers": "GET /providers",
    "provider_oidc": "POST /providers/oidc",
    "provider_saml": "POST /providers/saml",
    "provider": "PUT /providers/{provider}/oidc",
    "provider_remove": "DELETE /providers/{provider}",
    "vendors": "GET /vendors",
    "vendor": "GET /vendors/{number}",
    "vendor_new": "POST /vendors",
    "vendor_edit": "PUT /vendors/{number}",
    "vendor_end": "POST /vendors/{number}/end",
    "vendor_review": "POST /vendors/{number}/reviews",
    "vendor_condition": "PUT /vendors/{number}/conditions/{condition}",
    "vendor_report_new": "POST /vendors/{number}/reports",
    "vendor_report": "GET /vendors/{number}/reports/{report}",
    "vendor_report_edit": "PUT /vendors/{number}/reports/{report}",
    "vendor_report_scope": "POST /vendors/{number}/reports/{report}/scope",
    "vendors_scope": "GET /vendors/comparison",
    "vendors_import": "POST /vendors/imports/dry-run",
    "vendors_import_check": "POST /vendors/imports",
    "vendors_output": "GET /vendors/files/{name}",
    "incident_report": "POST /incidents/reports",
    "incidents": "GET /incidents",
    "incident_new": "POST /incidents",
    "incidents_none": "POST /incidents/none",
    "incidents_dc4": "PUT /incidents/dc4",
    "incidents_file": "GET /incidents/population/{kind}",
    "incident_import": "POST /incidents/import/dry-run",
    "incident_import_check": "POST /incidents/import",
    "incident_terms": "GET /incidents/terms",
    "incident_term_new": "POST /incidents/terms",
    "incident_term": "PUT /incidents/terms/{number}",
    "incident": "GET /incidents/{number}",
    "incident_edit": "PUT /incidents/{number}",
    "incident_entry": "POST /incidents/{number}/timeline",
    "incident_lesson": "POST /incidents/{number}/tasks",
    "incident_dismiss": "POST /incidents/{number}/notices",
    "incident_duty": "PUT /incidents/{number}/notices/{duty}",
    "search": "GET /search",
    "risks": "GET /risks",
    "risk": "GET /risks/{number}",
    "risk_new": "POST /risks",
    "risk_edit": "PUT /risks/{number}",
    "risk_assess": "POST /risks/{number}/judgments",
    "risk_scales": "PUT /risks/scales",
    "risk_heat": "GET /risks/heat-map",
    "risk_losses": "GET /risks/losses",
    "risks_file": "GET /risks/files/{name}",
    "risks_import": "POST /risks/import/dry-run",
    "risks_import_check": "POST /risks/import",
    "file": "GET /files/{number}",
}
"""Name of a page -> the operation that does as much."""


def verbs() -> Iterator[str]:
    """Yield every verb: a transaction of an actions module that takes when it is done."""
    for module in _modules(reperform):
        if ".actions" not in module.__name__:
            continue
        for name, found in inspect.getmembers(module, inspect.isfunction):
            is_own = found.__module__ == module.__name__ and not name.startswith("_")
            is_transaction = hasattr(found, "__wrapped__")
            if is_own and is_transaction and "at" in inspect.signature(found).parameters:
                yield f"{module.__name__.removeprefix('reperform.')}.{name}"


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".actions" in each.name or ".api" in each.name:
            yield importlib.import_module(each.name)


def _called() -> set[str]:
    """Return the verbs that the API's modules have at hand."""
    return {
        f"{found.__module__.removeprefix('reperform.')}.{name}"
        for module in _modules(reperform)
        if module.__name__.startswith("reperform.api.")
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if ".actions" in found.__module__
    }


def test_the_api_offers_every_verb() -> None:
    """A new action is offered, or listed with the reason; nothing is listed that is offered."""
    every, called = set(verbs()), _called()

    assert len(every) > 10
    assert every - called == set(ACTIONS)


def test_the_api_offers_every_page() -> None:
    """A new page names its operation, or is listed with the reason."""
    pages = {page.name for page in every_page()}

    assert pages - set(OFFERED) == set(PAGES), "name the operation in OFFERED, or say why not"
    assert set(OFFERED) <= pages


def test_the_operations_named_are_there() -> None:
    known = {
        f"{method.upper()} {re.sub(r'{[a-z]+:', '{', path)}" for method, path, _ in operations()
    }

    assert set(OFFERED.values()) <= known


def test_every_reason_is_a_reason() -> None:
    assert all(len(reason) > 5 for reason in (*PAGES.values(), *ACTIONS.values()))


def test_no_two_shapes_have_one_name() -> None:
    """The description of the API knows shapes by name: one would be described as the other."""
    found: dict[str, set[str]] = {}
    for module in _modules(reperform):
        for name, shape in inspect.getmembers(module, inspect.isclass):
            if issubclass(shape, Schema) and shape.__module__.startswith("reperform.api."):
                found.setdefault(name, set()).add(shape.__module__)

    assert len(found) > 50
    assert {name: sorted(where) for name, where in found.items() if len(where) > 1} == {}
