"""reports: files that scanners, and tools for bills of materials, write in a standard format."""

from reperform.connectors.reports.bills import CONNECTOR as BILLS
from reperform.connectors.reports.scans import CONNECTOR as SCANS

__all__ = ["BILLS", "SCANS"]
