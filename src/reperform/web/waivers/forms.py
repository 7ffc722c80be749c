"""What the forms of waivers ask."""

from reperform.web.asked import Asked

WAIVER = (
    Asked(
        "test",
        "Test",
        is_needed=True,
        longest=40,
        help="Id of the test that the control does not satisfy, such as AC-01.T1. The page of an "
        "examination lists them.",
    ),
    Asked(
        "items",
        "Items",
        "lines",
        help="One a line, exactly as the results name them. Empty: every item of the test, also "
        "those that come later.",
    ),
    Asked(
        "reason",
        "Why it is acceptable",
        "text",
        is_needed=True,
        help="Every reader of the report reads this: what is departed from, and why the risk can "
        "be borne.",
    ),
    Asked(
        "compensating_control",
        "Control that makes up for it",
        longest=12,
        help="Code of a control in force, such as LOG-02; empty for none.",
        group="What makes up for it",
    ),
    Asked(
        "compensating",
        "How it makes up for it",
        "text",
        help="What is done instead while the waiver lasts, and what shows it.",
    ),
    Asked(
        "first",
        "From",
        "day",
        help="The first day on which it counts; empty for today. A day before today is shown as "
        "given afterwards.",
        group="How long",
    ),
    Asked(
        "last",
        "Until",
        "day",
        is_needed=True,
        help="The last day, at most a year on. After it the waiver is expired; it is not renewed "
        "by itself.",
    ),
)

DECIDE = (
    Asked(
        "is_approved",
        "Decision",
        "choice",
        is_needed=True,
        choices=(("", "choose"), ("yes", "approve it"), ("no", "decline it")),
        help="What you approve is shown in the report with your name.",
    ),
    Asked("note", "What you say of it", "text", help="Needed when you decline it."),
)

WITHDRAW = (
    Asked(
        "reason",
        "Why",
        "text",
        is_needed=True,
        help="It counts until today. What it accepted before stays accepted, and is shown so.",
    ),
)
