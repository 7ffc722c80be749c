"""aws: an account of Amazon Web Services: who can do what in it, and what was done."""

from reperform.connectors.aws.connector import CONNECTOR
from reperform.connectors.aws.folder import CONNECTOR as CLOUDTRAIL

__all__ = ["CLOUDTRAIL", "CONNECTOR"]
