"""Operations on the evidence that people bring by hand."""

from reperform.api.manual.register import router

__all__ = ["router"]
