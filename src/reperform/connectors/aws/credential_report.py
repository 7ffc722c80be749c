"""IAM's credential report: one line of CSV for each user, and for the account's root.

AWS makes it at most every four hours, so it speaks of the day on which it was made.
See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from reperform.connectors.answer import Kept, Row
from reperform.connectors.aws.identities import Identities
from reperform.connectors.aws.replies import inside, pages, truth
from reperform.connectors.aws.tables import ACCESS_KEYS
from reperform.connectors.kept import moment, plain, said

NAME = "iam.GetCredentialReport"
_ROOT = "<root_account>"
_NEEDED = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
)


class Report(NamedTuple):
    """The report as it was read.

    Attributes:
        blob: where it is kept.
        made_at: when AWS made it, as a timestamp; None when it does not say.
        lines: column -> text, for each line.
        missing: why it cannot be read as a report; empty when it can.
    """

    blob: str
    made_at: str | None
    lines: Sequence[Mapping[str, str]]
    missing: str


def read(answers: Sequence[Kept]) -> Report | None:
    """Return the report among the answers; None when it is not among them."""
    page = next(pages(answers, NAME), None)
    if page is None:
        return None
    blob = page.kept.blob
    made_at = moment(inside(page.values, "GetCredentialReportResult", "GeneratedTime"))
    content = inside(page.values, "GetCredentialReportResult", "Content")
    try:
        text = plain(base64.b64decode(content if isinstance(content, str) else "", validate=True))
        lines: list[dict[str, str]] = list(csv.DictReader(io.StringIO(text), strict=True))
    except (binascii.Error, ValueError, csv.Error) as error:
        return Report(blob, made_at, [], f"the credential report cannot be read: {error}")
    lacking = [name for name in _NEEDED if not lines or lines[0].get(name) is None]
    if lacking:
        what = f"the credential report has no {', '.join(lacking)}"
        return Report(blob, made_at, [], what)
    short = [line for line in lines if {None} & {*line, *line.values()}]
    if short:
        what = f"a line of the credential report is short or long: {said(short[0]['user'])}"
        return Report(blob, made_at, [], what)
    return Report(blob, made_at, lines, "")


def missing(answers: Sequence[Kept]) -> str:
    """Return why no account can be read from the answers; empty when they can."""
    report = read(answers)
    return report.missing if report else "the credential report was not given"


def generated_on(answers: Sequence[Kept]) -> date | None:
    """Return the day on which the report was made; None when it does not say."""
    report = read(answers)
    return date.fromisoformat(report.made_at[:10]) if report and report.made_at else None


def accounts(answers: Sequence[Kept], found: Identities) -> Iterator[Row]:
    """Yield each account of the report, and each of its access keys."""
    report = read(answers)
    if report is None:
        return
    for line in report.lines:
        told = {"system": found.system, "observed_at": report.made_at}
        yield Row("population.accounts", {**told, **_account(line, found)}, report.blob, 0)
        for key in (1, 2):
            if values := _key(line, key):
                yield Row(ACCESS_KEYS.name, {**told, **values}, report.blob, 0)


def _name(line: Mapping[str, str]) -> str | None:
    return "root" if line["user"] == _ROOT else said(line["user"])


def _account(line: Mapping[str, str], found: Identities) -> dict[str, Any]:
    is_root = line["user"] == _ROOT
    # The report says `not_supported` of root's password, which it always has.
    can_sign_in = True if is_root else truth(line["password_enabled"])
    keys = [truth(line[f"access_key_{key}_active"]) for key in (1, 2)]
    used = [
        line["password_last_used"],
        *(line[f"access_key_{key}_last_used_date"] for key in (1, 2)),
    ]
    moments = sorted(at for each in used if (at := moment(each)))
    powers = ["root"] if is_root else found.powers_of_user(line["arn"])
    return {
        "account": _name(line),
        "account_uid": said(line["arn"]),
        "kind": "root" if is_root else None,
        "is_enabled": True if can_sign_in or any(keys) else False if can_sign_in is False else None,
        "can_sign_in": can_sign_in,
        "is_privileged": None if powers is None else bool(powers),
        "privileges": said(",".join(powers or ()), most=2_000),
        "has_mfa": truth(line["mfa_active"]),
        "created_at": moment(line["user_creation_time"]),
        "last_used_at": moments[-1] if moments else None,
        "last_used_known": True,
        "password_changed_at": moment(line["password_last_changed"]),
    }


def _key(line: Mapping[str, str], key: int) -> dict[str, Any] | None:
    """Return a key of an account; None when it has none: it was never made, or was deleted."""
    is_active = truth(line[f"access_key_{key}_active"])
    rotated_at = moment(line[f"access_key_{key}_last_rotated"])
    if not is_active and rotated_at is None:
        return None
    return {
        "account": _name(line),
        "account_uid": said(line["arn"]),
        "key": key,
        "is_active": is_active,
        "rotated_at": rotated_at,
        "last_used_at": moment(line[f"access_key_{key}_last_used_date"]),
    }
