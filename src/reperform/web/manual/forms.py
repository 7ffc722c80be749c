"""What the forms of manual evidence ask."""

from reperform.web.asked import Asked

EVIDENCE = (
    Asked(
        "title",
        "What it is",
        is_needed=True,
        longest=200,
        help="In a few words, such as: Firewall rules of the office, exported.",
    ),
    Asked(
        "control",
        "Control",
        longest=12,
        help="Code of the adopted control that it is evidence of, such as AC-01. One of control, "
        "table and request is needed.",
        group="What it is evidence of",
    ),
    Asked(
        "table",
        "Table",
        longest=80,
        help="Name of the list that it stands beside, such as population.people, when it shows "
        "that a list is whole.",
    ),
    Asked(
        "request",
        "Request",
        help="What the auditor asked for, in their words or by their number.",
    ),
    Asked(
        "first",
        "Of the day, or from",
        "day",
        is_needed=True,
        help="The day whose state it shows, or the first day of what it lists. Not the day on "
        "which you bring it.",
        group="Of when",
    ),
    Asked("last", "To", "day", help="The last day of what it lists; empty for one day."),
    Asked(
        "source",
        "Taken from",
        longest=500,
        help="System and place, by its address where it has one. A picture of a screen needs it.",
        group="Where it is from",
    ),
    Asked(
        "taken_at",
        "Taken at",
        "moment",
        help="Day, time and zone, such as 2026-03-01 14:05 +01:00. A picture of a screen needs it.",
    ),
    Asked(
        "given_by",
        "Given by",
        longest=200,
        help="Who made it, or gave it to you; empty when you took it yourself.",
    ),
    Asked("shows", "What to see in it", "text", help="Where an auditor looks, and for what."),
)

WITHDRAW = (
    Asked(
        "reason",
        "Why",
        "text",
        is_needed=True,
        help="The auditor asks why evidence was taken back, and what replaced it.",
    ),
)
