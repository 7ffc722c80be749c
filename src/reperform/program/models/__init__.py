"""What the database keeps of the program.  Texts are versions: none is overwritten."""

from reperform.program.models.access_reviews import (
    AccessReview,
    Account,
    AccountDecision,
    AccountList,
    ReviewedSystem,
)
from reperform.program.models.assets import Asset, DataFlow
from reperform.program.models.checklists import (
    ChecklistVersion,
    DayCorrection,
    StartedChecklist,
    Step,
)
from reperform.program.models.controls import AdoptedControl
from reperform.program.models.description import DescriptionVersion
from reperform.program.models.files import KeptFile
from reperform.program.models.fits import TestFit
from reperform.program.models.gap import Assessment, ClaimedStatus, ReadinessSnapshot
from reperform.program.models.incidents import (
    Incident,
    IncidentDuty,
    IncidentEntry,
    NoIncidents,
    NotificationTerm,
)
from reperform.program.models.occurrences import ControlPlan, OccurrenceEntry, SentReminder
from reperform.program.models.people import Person, Posting
from reperform.program.models.plan import RemediationTask
from reperform.program.models.policies import (
    Policy,
    PolicyAcceptance,
    PolicyReview,
    PolicyVersion,
)
from reperform.program.models.risks import Risk, RiskAssessment, RiskScales
from reperform.program.models.scope import ScopeVersion
from reperform.program.models.systems import SystemsVersion
from reperform.program.models.training import (
    BackgroundCheck,
    RequiredTraining,
    TrainingRecord,
)
from reperform.program.models.uploads import PendingUpload
from reperform.program.models.vendors import SocReport, Vendor, VendorCondition, VendorReview
from reperform.program.models.waivers import Waiver

__all__ = [
    "AccessReview",
    "Account",
    "AccountDecision",
    "AccountList",
    "AdoptedControl",
    "Assessment",
    "Asset",
    "BackgroundCheck",
    "ChecklistVersion",
    "ClaimedStatus",
    "ControlPlan",
    "DataFlow",
    "DayCorrection",
    "DescriptionVersion",
    "Incident",
    "IncidentDuty",
    "IncidentEntry",
    "KeptFile",
    "NoIncidents",
    "NotificationTerm",
    "OccurrenceEntry",
    "PendingUpload",
    "Person",
    "Policy",
    "PolicyAcceptance",
    "PolicyReview",
    "PolicyVersion",
    "Posting",
    "ReadinessSnapshot",
    "RemediationTask",
    "RequiredTraining",
    "ReviewedSystem",
    "Risk",
    "RiskAssessment",
    "RiskScales",
    "ScopeVersion",
    "SentReminder",
    "SocReport",
    "StartedChecklist",
    "Step",
    "SystemsVersion",
    "TestFit",
    "TrainingRecord",
    "Vendor",
    "VendorCondition",
    "VendorReview",
    "Waiver",
]
