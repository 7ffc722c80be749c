"""The acts on what is noticed."""

from collections.abc import Callable
from datetime import timedelta

from api.acts import AT, BY, EARLIER, Case, Place
from api.acts_connections import made
from reperform.accounts.permissions import Role
from reperform.connectors.calls.posting import Posted
from reperform.evidence.models import Connection
from reperform.noticing.actions import delivering, looking, remediation, telling, webhooks
from reperform.noticing.actions.being_told import set_being_told
from reperform.noticing.models import Delivery, Webhook
from reperform.noticing.preferences import Preferences
from reperform.noticing.remediation import Days
from reperform.noticing.webhook import Format, WebhookFields

Act = Callable[[], object]


def silent(place: Place) -> None:
    row = made(place)
    Connection.objects.filter(pk=row.pk).update(changed_at=AT - timedelta(days=40))


def look(place: Place) -> Act:
    silent(place)
    return lambda: looking.look(organization=place.organization, by=BY, at=AT)


def tell(place: Place) -> Act:
    member = place.member(Role.COMPLIANCE_MANAGER)
    silent(place)
    looking.look(organization=place.organization, by="test", at=EARLIER)
    letter = telling.write_letter(member=member, url="", at=EARLIER)
    assert letter
    return lambda: telling.end_letter(letter=letter, refused="", is_final=False, at=AT)


def being_told(place: Place) -> Act:
    member, seen = place.member(Role.COMPLIANCE_MANAGER), iter((0, 1))
    wanted = Preferences(zone="Europe/Berlin")
    return lambda: set_being_told(member=member, preferences=wanted, seen=next(seen), by=BY, at=AT)


def days(place: Place) -> Act:
    seen = iter((0, 1))
    return lambda: remediation.set_remediation_days(
        organization=place.organization, days=Days(critical=7), seen=next(seen), by=BY, at=AT
    )


FIELDS = WebhookFields("On call", Format.JSON, "https://hooks.example.com/x")


def hook(place: Place) -> Webhook:
    of = place.organization
    return webhooks.make_webhook(organization=of, fields=FIELDS, by="test", at=EARLIER)[0]


def make_hook(place: Place) -> Act:
    of = place.organization
    return lambda: webhooks.make_webhook(organization=of, fields=FIELDS, by=BY, at=AT)


def change_hook(place: Place) -> Act:
    hook(place)
    seen = iter((1, 2))
    fields = WebhookFields("Channel", Format.JSON)
    return lambda: webhooks.change_webhook(
        organization=place.organization, number=1, fields=fields, seen=next(seen), by=BY, at=AT
    )


def renew(place: Place) -> Act:
    hook(place)
    return lambda: webhooks.renew_secret(organization=place.organization, number=1, by=BY, at=AT)


def retire(place: Place) -> Act:
    hook(place)
    return lambda: webhooks.retire_webhook(
        organization=place.organization, number=1, reason="moved", seen=1, by=BY, at=AT
    )


def try_hook(place: Place) -> Act:
    hook(place)
    return lambda: webhooks.try_webhook(organization=place.organization, number=1, by=BY, at=AT)


def given_up(place: Place, *, state: str) -> Delivery:
    hook(place)
    of = place.organization
    webhooks.try_webhook(organization=of, number=1, by="test", at=EARLIER)
    ended = EARLIER if state == "given up" else None
    Delivery.objects.update(state=state, attempts=7, ended_at=ended)
    return Delivery.objects.select_related("webhook__organization").get()


def send_again(place: Place) -> Act:
    delivery = given_up(place, state="given up")
    return lambda: webhooks.send_again(delivery=delivery, by=BY, at=AT)


def end_delivery(place: Place) -> Act:
    delivery = given_up(place, state="running")
    posted = Posted(500, "500 broken")
    return lambda: delivering.end_delivery(delivery=delivery, posted=posted, at=AT)


CASES: dict[str, Case] = {
    "noticing.actions.looking.look": Case(
        look,
        ("notices.kept",),
        after={"new": ["CON-1 silent: no run of it was ever complete"]},
    ),
    "noticing.actions.telling.end_letter": Case(
        tell, ("notices.told",), after={"notices": 1}, by="the worker"
    ),
    "noticing.actions.being_told.set_being_told": Case(
        being_told, ("being_told.set",), before={"zone": "UTC"}, after={"zone": "Europe/Berlin"}
    ),
    "noticing.actions.remediation.set_remediation_days": Case(
        days, ("remediation_days.set",), before={"critical": None}, after={"critical": 7}
    ),
    "noticing.actions.webhooks.make_webhook": Case(
        make_hook,
        ("webhook.made",),
        after={"title": "On call", "place": "https://hooks.example.com"},
        again="another one is made",
    ),
    "noticing.actions.webhooks.change_webhook": Case(
        change_hook, ("webhook.changed",), before={"title": "On call"}, after={"title": "Channel"}
    ),
    "noticing.actions.webhooks.renew_secret": Case(
        renew, ("webhook.secret_renewed",), after={"version": 2}, again="it is renewed again"
    ),
    "noticing.actions.webhooks.retire_webhook": Case(
        retire, ("webhook.retired",), after={"reason": "moved"}
    ),
    "noticing.actions.webhooks.try_webhook": Case(
        try_hook, ("webhook.tried",), after={"message": 1}, again="it is tried again"
    ),
    "noticing.actions.webhooks.send_again": Case(
        send_again, ("webhook.sent_again",), after={"message": 1}
    ),
    "noticing.actions.delivering.end_delivery": Case(
        end_delivery,
        ("webhook.given_up",),
        after={"message": 1, "attempts": 7, "reason": "500 broken"},
        by="the worker",
    ),
}
NO_ACTS: dict[str, str] = {
    "noticing.actions.telling.ask_to_tell": "a part of a look, which is an act of its own",
    "noticing.actions.telling.tell_once": "it writes letters; that one was taken is an act",
    "noticing.actions.telling.write_letter": "as above",
    "noticing.actions.telling.send_once": "what came of it is kept by end_letter",
    "noticing.actions.outbox.add_deliveries": "a part of a look, which is an act of its own",
    "noticing.actions.outbox.add_delivery": "as above, and of trying a webhook",
    "noticing.actions.delivering.deliver_once": "what came of it is kept by end_delivery",
    "noticing.actions.working.tend_once": "it does others, which are acts of their own",
    "noticing.actions.working.look_once": "it looks, which is an act of its own",
    "noticing.actions.working.work_once": "as above, and carries out a job, which is another",
}
