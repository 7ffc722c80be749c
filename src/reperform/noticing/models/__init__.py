"""What the database keeps of noticing."""

from reperform.noticing.models.letters import BeingTold, Letter, Telling, ToldNotice
from reperform.noticing.models.notices import Look, Notice
from reperform.noticing.models.remediation import RemediationDays
from reperform.noticing.models.webhooks import Delivery, DeliveryAttempt, Webhook

__all__ = [
    "BeingTold",
    "Delivery",
    "DeliveryAttempt",
    "Letter",
    "Look",
    "Notice",
    "RemediationDays",
    "Telling",
    "ToldNotice",
    "Webhook",
]
