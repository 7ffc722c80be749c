"""What people said about their data, asked of it, and who was given it: P2 to P8."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OCCURRED, SYSTEM

CONSENTS = TableSpec(
    "population.consents",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("subject_uid", Type.TEXT, "pseudonym of whom the data is about"),
        Column("purpose", Type.TEXT, "what the data may be used for"),
        Column("action", Type.TEXT, "given, refused or withdrawn"),
        Column("notice", Type.TEXT, "version of the notice that was shown; NULL: none was"),
        Column("is_explicit", Type.BOOLEAN, "they did something for it, as for sensitive data"),
        Column("took_effect_at", Type.TIMESTAMP, "when the system followed it; NULL: not yet"),
    ),
)

DATA_REQUESTS = TableSpec(
    "population.data_requests",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("request_uid", Type.TEXT, "the source's own id"),
        Column("subject_uid", Type.TEXT, "pseudonym of whom the data is about"),
        Column(
            "kind", Type.TEXT, "access, correction, deletion, portability, objection, complaint"
        ),
        Column("identified_at", Type.TIMESTAMP, "when it was sure who asks; NULL: never"),
        Column("due_at", Type.TIMESTAMP, "by when it must be answered"),
        Column("answered_at", Type.TIMESTAMP, "NULL: not answered"),
        Column("outcome", Type.TEXT, "fulfilled, partly, denied or withdrawn"),
        Column("reason", Type.TEXT, "why it was denied"),
        Column("handled_by", Type.TEXT, "who answered"),
    ),
)

DISCLOSURES = TableSpec(
    "population.disclosures",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("disclosure_uid", Type.TEXT, "the source's own id"),
        Column("recipient", Type.TEXT, "who was given the data"),
        Column("data", Type.TEXT, "which kind of data"),
        Column("subjects", Type.INTEGER, "how many people it is about; NULL when not known"),
        Column("purpose", Type.TEXT, "what for"),
        Column("basis", Type.TEXT, "consent, contract, law; NULL when nothing is named"),
        Column("is_authorized", Type.BOOLEAN, "NULL when nobody decided"),
        Column("noticed_at", Type.TIMESTAMP, "when an unauthorized one was noticed"),
        Column("notified_at", Type.TIMESTAMP, "when those concerned were told; NULL: not yet"),
    ),
)

TABLES = (CONSENTS, DATA_REQUESTS, DISCLOSURES)
