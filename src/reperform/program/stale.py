"""The refusal of a change to what somebody else changed meanwhile, by its name in this stage."""

from reperform.base.stale import StaleVersionError

__all__ = ["StaleVersionError"]
