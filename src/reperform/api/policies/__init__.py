"""Policies, for programs."""

from reperform.api.policies import acceptances, importing, register, versions
from reperform.api.policies.router import imports, policies, templates

__all__ = ["acceptances", "importing", "imports", "policies", "register", "templates", "versions"]
