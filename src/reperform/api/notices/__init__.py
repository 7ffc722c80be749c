"""Operations on what was noticed."""

from reperform.api.notices import days, told
from reperform.api.notices.register import router
from reperform.api.notices.webhooks import router as webhooks_router

__all__ = ["days", "router", "told", "webhooks_router"]
