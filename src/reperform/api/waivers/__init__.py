"""Operations on waivers."""

from reperform.api.waivers.examined import router as examined_waivers
from reperform.api.waivers.register import router as waivers

__all__ = ["examined_waivers", "waivers"]
