"""Who may do what: one table, read by pages, the API and the tests that walk them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is in an organization."""

    ADMINISTRATOR = "administrator"
    COMPLIANCE_MANAGER = "compliance manager"
    CONTROL_OWNER = "control owner"
    EMPLOYEE = "employee"
    READ_ONLY = "read-only"
    AUDITOR = "auditor"
    """Of the service auditor's firm; reads the program, and never writes it."""


_ADMIN, _MANAGER, _OWNER, _EMPLOYEE, _READER, _AUDITOR = Role
_WRITERS = frozenset({_ADMIN, _MANAGER})
_STAFF = frozenset({_ADMIN, _MANAGER, _OWNER, _READER})
_READERS = _STAFF | {_AUDITOR}
_EVERYBODY = frozenset(Role)

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "overview.view": _EVERYBODY,
        "account.edit": _EVERYBODY,
        "criteria.view": _READERS,
        "scope.view": _READERS,
        "scope.edit": _WRITERS,
        "description.view": _READERS,
        "description.edit": _WRITERS,
        "controls.view": _READERS,
        "controls.edit": _WRITERS,
        # Not the owner's: their own control would count by it.
        "controls.confirm": _WRITERS,
        # Management's own view of its readiness: the auditor forms one independently.
        "gap.view": _STAFF,
        "gap.edit": _WRITERS,
        "tasks.edit": _WRITERS | {_OWNER},
        "work.do": _EVERYBODY - {_AUDITOR},
        "risks.view": _READERS,
        "risks.edit": _WRITERS,
        "policies.view": _EVERYBODY,
        "policies.edit": _WRITERS,
        "policies.approve": _WRITERS | {_OWNER},
        "people.view": _WRITERS | {_AUDITOR},
        "people.edit": _WRITERS,
        "assets.view": _READERS,
        "assets.edit": _WRITERS,
        "access_reviews.view": _READERS,
        "access_reviews.edit": _WRITERS,
        "access_reviews.decide": _WRITERS | {_OWNER},
        "vendors.view": _READERS,
        "vendors.edit": _WRITERS,
        "incidents.report": _EVERYBODY - {_AUDITOR},
        "incidents.view": _READERS,
        "incidents.edit": _WRITERS | {_OWNER},
        "calendar.view": _READERS,
        "calendar.edit": _WRITERS,
        "occurrences.prove": _WRITERS | {_OWNER},
        "connections.view": _READERS,
        "connections.edit": _WRITERS,
        "evidence.view": _READERS,
        "evidence.bring": _WRITERS | {_OWNER},
        "program.export": _WRITERS,
        "program.apply": _WRITERS,
        "results.view": _READERS,
        "results.edit": _WRITERS,
        "waivers.view": _READERS,
        "waivers.ask": _WRITERS | {_OWNER},
        # Never of one's own: whoever asked for a waiver does not decide it.
        "waivers.approve": _WRITERS,
        "trail.view": _WRITERS | {_AUDITOR},
        "notices.view": _READERS,
        "notices.edit": _WRITERS,
        "webhooks.view": _WRITERS,
        "webhooks.edit": frozenset({_ADMIN}),
        "members.view": _WRITERS,
        "members.edit": frozenset({_ADMIN}),
        "members.provision": frozenset({_ADMIN}),
        "tokens.edit": _WRITERS,
        "settings.edit": frozenset({_ADMIN}),
    }
)
"""Permission -> the roles that have it.  What is not named here, nobody may do."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "overview.view": "See where the program stands.",
        "account.edit": "Change one's own account.",
        "criteria.view": "Read the criteria, their points of focus and what else they satisfy.",
        "scope.view": "Read the scope and its versions.",
        "scope.edit": "Decide the scope.",
        "description.view": "Read the system description and its versions.",
        "description.edit": "Write the system description.",
        "controls.view": "Read the controls and which criteria they reach.",
        "controls.edit": "Adopt, tailor, write and retire controls.",
        "controls.confirm": "Confirm that a test of the library fits a tailored control.",
        "gap.view": "Read the gap analysis and management's view of its readiness.",
        "gap.edit": "Assess criteria, and import an earlier assessment.",
        "tasks.edit": "Change tasks of the plan, and say that one is done.",
        "work.do": "Do one's own work: read and accept policies, finish assigned steps.",
        "risks.view": "Read the register of risks.",
        "risks.edit": "Enter, assess and treat risks.",
        "policies.view": "Read the policies that are in force.",
        "policies.edit": "Write policies, and read their drafts and who has accepted them.",
        "policies.approve": "Approve a policy that somebody else wrote.",
        "people.view": "Read the register of people: names, positions, checks and training.",
        "people.edit": "Enter joiners, movers and leavers, and keep their records.",
        "assets.view": "Read the inventory of systems and other assets.",
        "assets.edit": "Enter and change assets.",
        "access_reviews.view": "Read reviews of who has access to what.",
        "access_reviews.edit": "Start reviews of access, and bring lists of accounts.",
        "access_reviews.decide": "Decide on accounts in a review that one is the reviewer of.",
        "vendors.view": "Read the register of vendors and their reviews.",
        "vendors.edit": "Enter and review vendors and their reports.",
        "incidents.report": "Report an incident.",
        "incidents.view": "Read the register of incidents.",
        "incidents.edit": "Handle incidents: severity, timeline, cause, notices, lessons.",
        "calendar.view": "Read when each control is due and what was done.",
        "calendar.edit": "Plan the year: which control is due when, and who does it.",
        "occurrences.prove": "Say that a control was done, with its proof.",
        "connections.view": "Read which sources evidence comes from, and each run of them.",
        "connections.edit": "Connect sources, give their secrets, test them and collect.",
        "evidence.view": "Read the evidence that people brought by hand.",
        "evidence.bring": "Bring evidence by hand, and withdraw it.",
        "program.export": "Take out the whole program as files.",
        "program.apply": "Change the program by applying files.",
        "results.view": "Read examinations, their results, and the evidence bundles.",
        "results.edit": "Keep examinations.",
        "waivers.view": "Read the waivers, and who asked for them and approved them.",
        "waivers.ask": "Ask that deviations from a test be waived until a day.",
        "waivers.approve": "Approve, decline and withdraw waivers that somebody else asked for.",
        "trail.view": "Read who changed what, when.",
        "notices.view": "Read what was noticed, of the parts that one may read.",
        "notices.edit": "Look again now, and decide by when what was found must be put right.",
        "webhooks.view": "Read where notices are sent, and what became of each message.",
        "webhooks.edit": "Send notices to addresses outside: webhooks, and their secrets.",
        "members.view": "Read who is a member and who is invited: names and e-mail addresses.",
        "members.edit": "Invite people, change their roles, and let them out.",
        "members.provision": "Make and close memberships over SCIM, and read whom it made.",
        "tokens.edit": "Make and revoke API tokens, of no more than its own scopes.",
        "settings.edit": "Change the organization's name and how people sign in.",
    }
)
"""Permission -> what it lets somebody do, as people who choose a token's scopes read it."""


def may(role: Role, permission: str) -> bool:
    """Return whether somebody with `role` has `permission`.

    Raises:
        KeyError: there is no such permission, which is an error of the program.

    >>> may(Role.READ_ONLY, "scope.view"), may(Role.READ_ONLY, "scope.edit")
    (True, False)
    """
    return role in PERMISSIONS[permission]


def granted(role: Role) -> frozenset[str]:
    """Return every permission that `role` has."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)
