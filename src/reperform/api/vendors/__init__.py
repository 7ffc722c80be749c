"""The register of vendors, for programs."""

from reperform.api.vendors import lists, registry, reports, reviews
from reperform.api.vendors.router import vendors

__all__ = ["lists", "registry", "reports", "reviews", "vendors"]
