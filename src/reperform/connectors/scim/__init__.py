"""scim: any service that shows its accounts by SCIM 2.0."""

from reperform.connectors.answer import Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
    looked,
)
from reperform.connectors.scim import access as people
from reperform.connectors.scim.service import Service
from reperform.connectors.settings import Access, Setting, SettingKind

_ACCESS = Source("scim/access", people.TABLES, people.shape, people.covers, people.BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    target = access.text("service")
    return [Question(_ACCESS.stream, target, lambda: people.ask(Service(access)))]


def _check(access: Access) -> Check:
    service = Service(access)
    answers = {name: service.found(name) for name in people.NEEDS}
    findings = [
        Finding(name, Grant.UNKNOWN, answer.absent) if answer.absent else looked(name, answer)
        for name, answer in answers.items()
    ]
    return Check(service.api.system, tuple(findings))


CONNECTOR = Connector(
    name="scim",
    title="Any service with SCIM 2.0",
    asks="One service: its users and groups, as directories read them. Telephone numbers, postal"
    " addresses and pictures are not asked for.",
    blind="whatever the service does not show over SCIM",
    permissions=(
        Permission("Users", "the accounts and whether they are active"),
        Permission("Groups", "the groups and who is in them", is_required=False),
    ),
    settings=(
        Setting("service", "Service", "what people call it, as slack: rows name it so"),
        Setting(
            "address",
            "Address of SCIM",
            "what stands before /Users, as https://example.org/scim/v2",
            SettingKind.ADDRESS,
        ),
        Setting("token", "Token", "a bearer token that may only read", is_secret=True),
        Setting(
            "privileged",
            "What makes an account powerful",
            "names of roles, entitlements and groups, one on each line; empty: nothing says it",
            SettingKind.LINES,
            is_required=False,
        ),
    ),
    streams=(Stream(_ACCESS, needs=people.NEEDS),),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
