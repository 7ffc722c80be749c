"""What pages and actions do and the API does not, each with the reason.

tests/api/test_parity.py demands that everything else is offered; docs/reference/api.md lists this.
"""

from collections.abc import Mapping
from types import MappingProxyType

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "overview": "a selection of what /scope, /gap, /plan, /examinations and /trail say",
        "home": "where a person chooses an organization; a token belongs to one",
        "invitation": "a person accepts for themselves, with a password of their own",
        "second_factor_needed": "a token's maker has a second factor, or the token opens nothing",
        "session_end": "sessions are a browser's; a token is revoked instead",
        "sso": "a person signs in; a program has a token",
        "sso_organization": "as above",
        "sso_link": "a person links a provider to their own account",
        "glossary": "words explained to people, as GLOSSARY.md has them",
        "calendar_own": "a calendar program opens it; a program reads /calendar with an owner",
        "plan_bulk": "a program changes one task after another, each with the version that it saw",
        "description_preview": "the same document as /description/preview.pdf",
    }
)
"""Name of a page -> why no operation does it."""

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "accounts.actions.organizations.found_organization": (
            "who runs the installation founds organizations, by `reperform organization add`"
        ),
        "accounts.actions.organizations.found_with_administrator": "as above",
        "accounts.actions.members.accept_invitation": "a person accepts for themselves",
        "accounts.actions.admission.admit": "a person signs in; a program has a token",
        "accounts.actions.admission.note_own_link": "a person links their own account",
        "accounts.actions.recovery.note_way_back": (
            "who runs the installation gives a way back, by the command line"
        ),
        "accounts.actions.recovery.prove_mailbox": "a person does, by a link from their mailbox",
        "accounts.actions.organizations.allow_other_ways": (
            "who runs the installation lets members in again, by the command line"
        ),
        "accounts.actions.members.join": "as above",
        "program.actions.controls.change_controls": "a part of POST /controls/bulk",
        "program.actions.uploads.keep_upload": (
            "what a page keeps between its two steps; an operation takes the file whole"
        ),
        "program.actions.reminders.keep_reminder": (
            "who runs the installation sends letters, by `reperform remind`"
        ),
        "program.actions.plan.change_tasks": (
            "a program changes one task after another, each with the version that it saw"
        ),
        "evidence.actions.expecting.expect_jobs": (
            "a worker does it: POST /connections/{number}/jobs asks for one"
        ),
        "evidence.actions.jobs.end_job": "as above",
        "evidence.actions.runs.begin_run": "as above",
        "evidence.actions.runs.end_run": "as above",
        "evidence.actions.runs.abandon_open": "as above",
        "evidence.actions.collections.begin_collection": "as above",
        "evidence.actions.collections.end_collection": "as above",
        "report.actions.freezing.freeze_populations": "a part of POST /examinations",
        "noticing.actions.delivering.end_delivery": "as above",
        "noticing.actions.telling.end_letter": "workers and `reperform remind` send letters",
        "noticing.actions.telling.write_letter": "as above",
        "audit.actions.keep_outcome": "a worker does it: POST /tests/{test_id}/jobs asks for one",
        "audit.actions.keep_examination": (
            "a part of POST /examinations; a quickstart's is kept by `reperform start`"
        ),
    }
)
"""Verb -> why no operation does it."""
