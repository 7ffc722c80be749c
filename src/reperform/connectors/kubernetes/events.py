"""One event of an audit log (audit.k8s.io/v1, and its betas) as a row of API activity."""

from collections.abc import Iterator, Mapping
from typing import Any

from reperform.connectors.jsonlines import inside, whole
from reperform.connectors.kept import moment, said

_STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")
_READS = frozenset({"get", "list", "watch", "head", "options"})
_ACTING = frozenset({"exec", "attach", "portforward", "proxy"})
"""Parts of an object that a request acts by, although it may be sent as one that reads."""
_REFUSED = 400


def events_in(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the events of a line: one, or those of an EventList as a webhook is sent them."""
    items = value.get("items")
    if value.get("kind") == "EventList" and isinstance(items, list):
        yield from (each if isinstance(each, dict) else {} for each in items)
    else:
        yield value


def flaw(event: Mapping[str, Any]) -> str:
    """Return why an object is no event; empty when it is one."""
    is_event = all(isinstance(event.get(name), str) for name in ("auditID", "stage", "verb"))
    return "" if is_event else "is no event of a Kubernetes audit log"


def rank(event: Mapping[str, Any]) -> int:
    """Return how far the request had come: of one request the last stage says the most."""
    return _STAGES.index(event["stage"]) if event["stage"] in _STAGES else -1


def values(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row but for the system."""
    user = said(inside(event, "user", "username"))
    other = said(inside(event, "impersonatedUser", "username"))
    is_success = _is_success(event)
    return {
        "event_uid": said(event["auditID"]),
        "occurred_at": _occurred_at(event),
        "service": said(inside(event, "objectRef", "apiGroup")) or _core(event),
        "operation": said(" ".join([event["verb"], _kind(event)])),
        "account": said(f"{user} as {other}") if user and other else user,
        "account_uid": said(inside(event, "user", "uid")) or user,
        "account_kind": _account_kind(user),
        "is_read_only": _is_read_only(event),
        "is_success": is_success,
        "error": None if is_success else _error(event),
        "resource": _resource(event),
        "source_ip": _addresses(event.get("sourceIPs")),
        "agent": said(event.get("userAgent")),
    }


def _occurred_at(event: Mapping[str, Any]) -> str | None:
    names = ("requestReceivedTimestamp", "timestamp", "stageTimestamp")
    return next((at for name in names if (at := moment(event.get(name)))), None)


def _core(event: Mapping[str, Any]) -> str | None:
    return "core" if said(inside(event, "objectRef", "resource")) else None


def _kind(event: Mapping[str, Any]) -> str:
    """Return what kind of object was asked for, as `pods/exec`; else the path."""
    parts = (said(inside(event, "objectRef", name)) for name in ("resource", "subresource"))
    return "/".join(filter(None, parts)) or str(event.get("requestURI") or "").partition("?")[0]


def _resource(event: Mapping[str, Any]) -> str | None:
    parts = (said(inside(event, "objectRef", name)) for name in ("namespace", "name"))
    return said("/".join(filter(None, parts)))


def _account_kind(user: str | None) -> str | None:
    if user is None:
        return None
    is_service = user.startswith(("system:serviceaccount:", "system:node:"))
    return "service" if is_service else "user"


def _is_read_only(event: Mapping[str, Any]) -> bool:
    part = inside(event, "objectRef", "subresource")
    return event["verb"].lower() in _READS and part not in _ACTING


def _is_success(event: Mapping[str, Any]) -> bool | None:
    """Return whether it was carried out; None before the answer was sent."""
    if event["stage"] == "Panic":
        return False
    code = whole(inside(event, "responseStatus", "code"))
    return None if code is None else code < _REFUSED


def _error(event: Mapping[str, Any]) -> str | None:
    status = event.get("responseStatus")
    found = (said(inside(status, name)) for name in ("reason", "message"))
    return said(": ".join(filter(None, found)))


def _addresses(value: object) -> str | None:
    listed = value if isinstance(value, list) else []
    return said(",".join(each for each in listed if isinstance(each, str)))
