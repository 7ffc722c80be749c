"""Where notices are sent, for programs."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.noticing.actions.webhooks import (
    change_webhook,
    make_webhook,
    renew_secret,
    retire_webhook,
    send_again,
    try_webhook,
)
from reperform.noticing.models import Delivery, Webhook
from reperform.noticing.queries.webhooks import deliveries, webhook_row, webhooks
from reperform.noticing.webhook import read_webhook

router = Router()
_SEEN = Field(ge=0, le=1_000_000_000)


class WebhookIn(Schema):
    """Title, format (`json` or `slack`), address, and kinds of notices, all when there are none."""

    title: str = ""
    format: str = "json"
    address: str = ""
    kinds: list[str] = Field(default_factory=list)


class WebhookChangeIn(WebhookIn):
    """As it is to be; an empty address keeps the one that there is, and the format stays."""

    seen: int = _SEEN


class WebhookRetireIn(Schema):
    """Why it is told nothing more."""

    reason: str = Field(max_length=10_000)
    seen: int = _SEEN


class WebhookOut(Schema):
    """A webhook: of its address only the place is shown, and of its secret nothing."""

    number: int
    title: str
    format: str
    place: str
    kinds: list[str]
    retired_on: date | None
    version: int

    @staticmethod
    def of(row: Webhook) -> "WebhookOut":
        """Return a webhook as an answer."""
        return WebhookOut(
            number=row.number,
            title=row.title,
            format=row.format,
            place=row.place,
            kinds=row.kinds,
            retired_on=row.retired_on,
            version=row.version,
        )


class WebhookMadeOut(WebhookOut):
    """With the secret that its messages are signed with, shown only now; empty for none."""

    secret: str


class DeliveryOut(Schema):
    """A message: waiting, running, done or given up; `message` is its id, the same in each attempt.

    `status` and `reason` are of the newest attempt.
    """

    number: int
    message: str
    state: str
    made_at: datetime
    not_before: datetime
    attempts: int
    status: int | None
    reason: str
    ended_at: datetime | None

    @staticmethod
    def of(row: Delivery) -> "DeliveryOut":
        """Return a message as an answer."""
        return DeliveryOut(
            number=row.number,
            message=row.message,
            state=row.state,
            made_at=row.made_at,
            not_before=row.not_before,
            attempts=row.attempts,
            status=getattr(row, "last_status", None) or None,
            reason=getattr(row, "last_reason", None) or "",
            ended_at=row.ended_at,
        )


@router.get("", response=Page[WebhookOut], auth=takes("webhooks.view"))
def list_webhooks(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the webhooks, the retired ones too."""
    return paged(webhooks(request.auth.organization), offset, limit, WebhookOut.of)


@router.post("", response={201: WebhookMadeOut, 422: Refused}, auth=takes("webhooks.edit"))
def make(request: ApiRequest, body: WebhookIn) -> Status[WebhookMadeOut]:
    """Make a webhook; this answer alone holds its secret."""
    fields, problems = read_webhook(body.dict())
    if problems:
        raise ContentRefusedError(problems)
    row, secret = make_webhook(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, WebhookMadeOut(**WebhookOut.of(row).dict(), secret=secret))


@router.put(
    "/{int:number}",
    response={200: WebhookOut, 409: Refused, 422: Refused},
    auth=takes("webhooks.edit"),
)
def change(request: ApiRequest, number: int, body: WebhookChangeIn) -> WebhookOut:
    """Change what a webhook is told of, or where."""
    _found(request, number)
    fields, problems = read_webhook(body.dict(exclude={"seen"}), is_kept=True)
    if problems:
        raise ContentRefusedError(problems)
    row = change_webhook(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return WebhookOut.of(row)


@router.post(
    "/{int:number}/secret",
    response={200: WebhookMadeOut, 422: Refused},
    auth=takes("webhooks.edit"),
)
def renew(request: ApiRequest, number: int) -> WebhookMadeOut:
    """Give a webhook another secret; this answer alone holds it."""
    _found(request, number)
    row, secret = renew_secret(
        organization=request.auth.organization,
        number=number,
        by=request.auth.name,
        at=request.auth.at,
    )
    return WebhookMadeOut(**WebhookOut.of(row).dict(), secret=secret)


@router.post(
    "/{int:number}/retirement",
    response={200: WebhookOut, 409: Refused, 422: Refused},
    auth=takes("webhooks.edit"),
)
def retire(request: ApiRequest, number: int, body: WebhookRetireIn) -> WebhookOut:
    """Tell a webhook nothing more; its address and its secret are forgotten."""
    _found(request, number)
    row = retire_webhook(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return WebhookOut.of(row)


@router.post(
    "/{int:number}/trial", response={202: DeliveryOut, 422: Refused}, auth=takes("webhooks.edit")
)
def try_it(request: ApiRequest, number: int) -> Status[DeliveryOut]:
    """Have a trial message sent by the next free worker."""
    _found(request, number)
    made = try_webhook(
        organization=request.auth.organization,
        number=number,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(202, DeliveryOut.of(made))


@router.get("/{int:number}/deliveries", response=Page[DeliveryOut], auth=takes("webhooks.view"))
def list_deliveries(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the messages to a webhook, newest first, and how each stands."""
    return paged(deliveries(_found(request, number)), offset, limit, DeliveryOut.of)


@router.post(
    "/{int:number}/deliveries/{int:delivery}/again",
    response={202: DeliveryOut, 422: Refused},
    auth=takes("webhooks.edit"),
)
def again(request: ApiRequest, number: int, delivery: int) -> Status[DeliveryOut]:
    """Have a message that was given up tried again, with the same id."""
    found = deliveries(_found(request, number)).filter(number=delivery).first()
    if found is None:
        raise Http404
    sent = send_again(delivery=found, by=request.auth.name, at=request.auth.at)
    return Status(202, DeliveryOut.of(sent))


def _found(request: ApiRequest, number: int) -> Webhook:
    row = webhook_row(request.auth.organization, number)
    if row is None:
        raise Http404
    return row
