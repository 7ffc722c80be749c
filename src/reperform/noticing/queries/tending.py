"""Whether there is anything that noticing asks a worker for."""

from datetime import datetime

from reperform.noticing.queries.notices import look_due
from reperform.noticing.queries.telling import letters_to_send, tellings_due
from reperform.noticing.queries.webhooks import deliverable


def is_tending_due(at: datetime, *, sends_mail: bool) -> bool:
    """Return whether a worker would find a message or a letter to send, or a look to take.

    Args:
        at: now.
        sends_mail: whether the installation has a mail server.
    """
    if deliverable(at).exists() or look_due(at) is not None:
        return True
    return sends_mail and (tellings_due(at).exists() or letters_to_send(at).exists())
