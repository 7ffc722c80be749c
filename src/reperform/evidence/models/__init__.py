"""What the database keeps of evidence: connections, runs, jobs, and files that people bring.

The answers themselves are blobs in files, see `evidence.folders`.
"""

from reperform.evidence.models.connections import (
    CollectedTable,
    CollectionRecord,
    Connection,
    Run,
)
from reperform.evidence.models.jobs import Job, JobAttempt, JobSchedule, WorkerSign
from reperform.evidence.models.manual import ManualEvidence

__all__ = [
    "CollectedTable",
    "CollectionRecord",
    "Connection",
    "Job",
    "JobAttempt",
    "JobSchedule",
    "ManualEvidence",
    "Run",
    "WorkerSign",
]
