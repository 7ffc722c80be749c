"""github/alerts: what Dependabot, code scanning and secret scanning found, and its end."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.github.hub import Hub
from reperform.connectors.github.tables import SECRETS
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of, truth, whole

VULNERABILITIES = POPULATIONS["population.vulnerabilities"]
TABLES = (VULNERABILITIES, SECRETS)
NEEDS = (
    "Metadata: read",
    "Dependabot alerts: read",
    "Code scanning alerts: read",
    "Secret scanning alerts: read",
)
BLIND = "what the scanners do not know; repositories in which they are off, which is said"
_OFF = {
    "are disabled for this repository": "it is off",
    "is disabled on this repository": "it is off",
    "is not enabled": "it is off",
    "must be enabled for this repository": "it is off",
    "no analysis found": "nothing was analyzed yet",
}
_DEPENDABOT, _CODE, _SECRET = "dependabot alerts", "code scanning alerts", "secret scanning alerts"
_TAKEN_OUT = "[taken out]"


def ask(hub: Hub) -> Iterator[Answer]:
    """Yield every alert of each repository, in whatever state; no secret is kept."""
    yield hub.observed()
    names: list[str] = []
    for answer, repositories in hub.repositories():
        names += [str(repository.get("name")) for repository in repositories]
        yield answer
    for name in names:
        base = f"repos/{hub.owner}/{quote(name, safe='')}"
        yield from hub.listed(f"{_DEPENDABOT} of {name}", f"{base}/dependabot/alerts", absent=_OFF)
        yield from hub.listed(f"{_CODE} of {name}", f"{base}/code-scanning/alerts", absent=_OFF)
        yield from hub.listed(
            f"{_SECRET} of {name}",
            f"{base}/secret-scanning/alerts",
            absent=_OFF,
            reduce=without_secrets,
            query={"hide_secret": "true"},
        )


def without_secrets(body: bytes) -> bytes:
    """Return a page of secret scanning without the secrets: older servers show them anyway."""
    found = json.loads(body)
    for alert in found if isinstance(found, list) else []:
        if isinstance(alert, dict) and "secret" in alert:
            alert["secret"] = _TAKEN_OUT
    return canonical_json(found)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each alert."""
    found = Said(answers)
    for name in _repositories(answers):
        for kept, alert in found.each(f"{_DEPENDABOT} of {name}"):
            yield found.row(VULNERABILITIES.name, kept, **_dependency(found, name, alert))
        for kept, alert in found.each(f"{_CODE} of {name}"):
            yield found.row(VULNERABILITIES.name, kept, **_code(found, name, alert))
        for kept, alert in found.each(f"{_SECRET} of {name}"):
            yield found.row(
                SECRETS.name,
                kept,
                repository=said(name),
                alert=whole(alert.get("number")),
                kind=said(alert.get("secret_type")),
                status=said(alert.get("state")),
                resolution=said(alert.get("resolution")),
                found_at=moment(alert.get("created_at")),
                closed_at=moment(alert.get("resolved_at")),
                closed_by=said(of(alert, "resolved_by", "login")),
                was_bypassed=truth(alert.get("push_protection_bypassed")),
            )


def _repositories(answers: Sequence[Kept]) -> list[str]:
    kinds = (_DEPENDABOT, _CODE, _SECRET)
    found = [
        answer.name.partition(" of ")[2].partition(" page ")[0]
        for answer in answers
        if answer.name.startswith(kinds)
    ]
    return list(dict.fromkeys(found))


def _state(alert: dict[str, Any]) -> str | None:
    state = said(alert.get("state"))
    return "dismissed" if state == "auto_dismissed" else state


def _common(found: Said, name: str, alert: dict[str, Any]) -> dict[str, Any]:
    owner = found.facts.get("owner")
    return {
        "finding_uid": said(alert.get("html_url")),
        "resource": said(f"{owner}/{name}"),
        "found_at": moment(alert.get("created_at")),
        "status": _state(alert),
        "closed_at": moment(
            alert.get("fixed_at") or alert.get("dismissed_at") or alert.get("auto_dismissed_at")
        ),
        "closed_by": said(of(alert, "dismissed_by", "login")),
        "closed_reason": said(alert.get("dismissed_reason")),
    }


def _dependency(found: Said, name: str, alert: dict[str, Any]) -> dict[str, Any]:
    return {
        **_common(found, name, alert),
        "cve": said(of(alert, "security_advisory", "cve_id")),
        "title": said(of(alert, "security_advisory", "summary")),
        "severity": said(
            of(alert, "security_vulnerability", "severity")
            or of(alert, "security_advisory", "severity")
        ),
        "package": said(of(alert, "dependency", "package", "name")),
        "fixed_in": said(
            of(alert, "security_vulnerability", "first_patched_version", "identifier")
        ),
    }


def _code(found: Said, name: str, alert: dict[str, Any]) -> dict[str, Any]:
    severity = of(alert, "rule", "security_severity_level") or of(alert, "rule", "severity")
    return {
        **_common(found, name, alert),
        "title": said(of(alert, "rule", "description")),
        "severity": said(severity),
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless alerts or the repositories were refused."""
    needed = {
        VULNERABILITIES.name: ("repositor", _DEPENDABOT, _CODE),
        SECRETS.name: ("repositor", _SECRET),
    }
    return state_covers(answers, started_at, needed)
