"""tickets: tickets as incidents and as changes, by statuses and labels that one names.

What a status means differs from tracker to tracker: nothing here is guessed.  What nobody named
stays NULL.
"""

from reperform.connectors.tickets.rows import sources
from reperform.connectors.tickets.settings import SETTINGS, meanings
from reperform.connectors.tickets.ticket import Move, Ticket

__all__ = ["SETTINGS", "Move", "Ticket", "meanings", "sources"]
