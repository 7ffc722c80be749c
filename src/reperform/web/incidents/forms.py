"""What the forms about incidents ask."""

from collections.abc import Iterable

from reperform.accounts.models import Organization
from reperform.program.incidents import Kind, State
from reperform.program.incidents.library import incident_library
from reperform.program.plan import Risk
from reperform.program.queries import possible_owners
from reperform.web.asked import Asked, choices_of

_FORM = "With its zone, as 2026-12-31 14:05 UTC or 2026-12-31 15:05+01:00."
_ZONE = f"{_FORM} Empty: not known."

REPORT = (
    Asked(
        "title",
        "What is it?",
        help="A few words, as: laptop lost on the train.",
        is_needed=True,
    ),
    Asked(
        "what",
        "What happened?",
        "text",
        help="As you saw it. You need not know whether it is serious: somebody looks at it.",
        is_needed=True,
    ),
    Asked("noticed_at", "When did you notice?", "moment", help=_ZONE),
    Asked(
        "affected",
        "What is affected?",
        "text",
        help="Systems, data, customers or people, as far as you know.",
    ),
    Asked(
        "personal_data",
        "Could personal data be involved?",
        "choice",
        help="Data about people: customers, their users, colleagues.",
        choices=(("", "I do not know"), ("yes", "yes"), ("no", "no")),
    ),
)


def incident_asked(organization: Organization, *, is_new: bool) -> tuple[Asked, ...]:
    """Return the fields of an incident; whether it is an exercise is asked of a new one only."""
    return (
        *_beginning(organization, is_new=is_new),
        *_times(),
        *_reach(),
        *_outcome(),
    )


def _beginning(organization: Organization, *, is_new: bool) -> Iterable[Asked]:
    levels = incident_library().levels
    people = possible_owners(organization)
    yield Asked("title", "Title", help="A few words that tell it from others.", is_needed=True)
    yield Asked("what", "What happened", "text", help="DC 4 calls it the nature of the incident.")
    if is_new:
        yield Asked(
            "is_exercise",
            "An exercise",
            "choice",
            help="Played at a table, not real: it is kept apart from real ones, and for good.",
            choices=(("", "no, it happened"), ("yes", "yes, it was an exercise")),
        )
    yield Asked("kind", "Kind", "choice", choices=choices_of(Kind))
    yield Asked(
        "severity",
        "Severity",
        "choice",
        help=" ".join(f"{each.title}: {each.meaning}" for each in levels),
        choices=(("", "not decided"), *((each.id, each.title) for each in levels)),
    )
    yield Asked(
        "state",
        "State",
        "choice",
        help="Closed takes a cause, decided notices and reviewed lessons.",
        choices=choices_of(State),
    )
    yield Asked(
        "reason",
        "Reason",
        "text",
        help="Why it is a false alarm, or why it is closed although its cause is not known.",
    )
    yield Asked(
        "handler",
        "Handler",
        "choice",
        help="The member who answers for the response.",
        choices=(("", "nobody yet"), *((str(each.pk), str(each.user)) for each in people)),
    )


def _times() -> Iterable[Asked]:
    yield Asked("began_at", "It began", "moment", help=_ZONE, group="When")
    yield Asked(
        "noticed_at",
        "It was noticed",
        "moment",
        help="When somebody of yours first knew: the terms of notices run from it.",
    )
    yield Asked("reported_at", "It was reported", "moment", help="To whoever answers for it.")
    yield Asked(
        "confirmed_at", "It was confirmed", "moment", help="Somebody looked, and it is one."
    )
    yield Asked("contained_at", "It was contained", "moment", help="It did no more harm.")
    yield Asked("resolved_at", "It was resolved", "moment", help="Operation was back to normal.")


def _reach() -> Iterable[Asked]:
    yield Asked("affected", "What it touched", "text", help="In words.", group="What it touched")
    yield Asked("assets", "Assets", "lines", help="Their names, one a line.")
    yield Asked("customers", "Customers", "lines", help="Their names, one a line.")
    yield Asked(
        "personal_data",
        "Personal data",
        "flag",
        help="Not decided is not no: a notice to an authority may hang on it.",
    )
    yield Asked("criteria", "Criteria", "lines", help="That it bears on, as CC7.4, one a line.")
    yield Asked(
        "controls",
        "Controls",
        "lines",
        help="That it bears on: their codes, as CHG-01, one a line.",
    )


def _outcome() -> Iterable[Asked]:
    yield Asked("cause", "Root cause", "text", help="Why it could happen.", group="Cause and DC 4")
    yield Asked(
        "control_failed",
        "A control failed",
        "flag",
        help="It was not designed for this, or did not operate. DC 4 tells of such incidents.",
    )
    yield Asked(
        "failed_controls",
        "Controls that failed",
        "lines",
        help="Their codes, as CHG-01, one a line.",
    )
    yield Asked(
        "commitment_missed",
        "A commitment was not kept",
        "flag",
        help="A principal service commitment or system requirement of DC 2, significantly.",
    )
    yield Asked("is_reportable", "DC 4 tells of it", "flag", help="With the reason, either way.")
    yield Asked("reportable_because", "Because", "text")
    yield Asked("extent", "Extent", "text", help="How far it reached: whom, what, how much.")
    yield Asked("disposition", "Disposition", "text", help="How it ended, and what was changed.")
    yield Asked(
        "lessons",
        "Lessons",
        "text",
        help="What helped, what failed, what will be different.",
        group="Lessons",
    )
    yield Asked(
        "reviewed_on", "Reviewed on", "day", help="The day on which those involved looked at it."
    )


ENTRY = (
    Asked(
        "said",
        "What happened, was done or was found",
        "text",
        help="It stays as you write it. A mistake is put right by a new entry.",
        is_needed=True,
    ),
    Asked("happened_at", "When", "moment", help=f"{_FORM} Empty: now."),
    Asked("corrects", "Corrects entry", "number", help="Its number; empty for none."),
)

DUTY = (
    Asked("applies", "Applies to this incident", "flag"),
    Asked("reason", "Because", "text", help="Why it applies, or why not: an authority may ask."),
    Asked(
        "counted_from",
        "Counted from",
        "moment",
        help="When you became aware, where that is not when it was noticed. Say why in the reason.",
    ),
    Asked(
        "due_by",
        "Deadline",
        "moment",
        help="Where the table sets no hours, or a contract sets another time. Empty: as computed.",
    ),
    Asked("done_at", "Notified", "moment", help="When the notice went out. Empty: not yet."),
    Asked("how", "How, and whom", "text", help="By what means, and to whom."),
    Asked(
        "proof",
        "Proof",
        "choice",
        help="A file from the timeline: keep it there first.",
    ),
)

TERM = (
    Asked("title", "Whom one must notify", help="A few words.", is_needed=True),
    Asked("source", "Law or contract", help="As: master agreement, section 9.2."),
    Asked("whom", "Who exactly", "text"),
    Asked("when", "When it applies", "text"),
    Asked("term", "By when, in its own words", "text"),
    Asked(
        "hours",
        "Hours",
        "number",
        help="The same as whole hours, weekends included. Empty: it sets no number.",
    ),
    Asked(
        "concerns",
        "Concerns us",
        "choice",
        help="What does not concern you is asked of no incident.",
        choices=(("yes", "yes"), ("no", "no")),
    ),
    Asked("reason", "Why not", "text", help="Needed when it does not concern you."),
)

NONE = (
    Asked("first", "From", "day", is_needed=True),
    Asked("last", "To", "day", help="Not after today.", is_needed=True),
    Asked(
        "basis",
        "What it rests on",
        "text",
        help="Where you looked: alerts, tickets, what people said when you asked them.",
        is_needed=True,
    ),
)


def lesson_asked(organization: Organization) -> tuple[Asked, ...]:
    """Return the fields of a task that a lesson leads to."""
    people = tuple((str(each.pk), str(each.user)) for each in possible_owners(organization))
    return (
        Asked("title", "What is to be done", is_needed=True),
        Asked("note", "More about it", "text"),
        Asked("control", "Control", help="Its code, as INC-01; empty for none.", longest=12),
        Asked("owner", "Owner", "choice", choices=(("", "nobody yet"), *people)),
        Asked("due_on", "Due", "day"),
        Asked("effort_days", "Effort in working days", "number", help="Of one person, 1 to 250."),
        Asked("risk", "Risk", "choice", choices=choices_of(Risk)),
    )


def proof_choices(files: Iterable[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    """Return the files of a timeline as choices."""
    return (("", "none"), *((str(number), f"{number}: {name}") for number, name in files))
