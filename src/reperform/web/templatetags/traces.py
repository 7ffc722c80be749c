"""`{% trace_url trace as url %}`: where a register shows what it says, to whoever may see it."""

from typing import Any

from django import template
from django.urls import resolve, reverse

from reperform.program.gap.traces import Trace
from reperform.web.page import Visitor

register = template.Library()


@register.simple_tag(takes_context=True)
def trace_url(context: dict[str, Any], trace: Trace) -> str:
    """Return the address of the trace's page; empty when the visitor may not see that page."""
    visitor: Visitor = context["visitor"]
    key = (trace.key,) if trace.key else ()
    url = reverse(trace.page, args=(visitor.organization.slug, *key))
    return url if visitor.may(resolve(url).func.permission) else ""  # type: ignore[attr-defined]
