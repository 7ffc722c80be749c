"""CISA's catalog of known exploited vulnerabilities, as JSON."""

from collections.abc import Iterator

from reperform.connectors.reports.found import Exploited, Report, inside, line, number, objects

FORMAT = "KEV"


def is_one(value: object) -> bool:
    """Return whether JSON values are the catalog."""
    return "catalogVersion" in (value if isinstance(value, dict) else {}) and isinstance(
        inside(value, "vulnerabilities"), list
    )


def read(value: object) -> Iterator[Report]:
    """Yield the report; one that holds fewer entries than it announces says so."""
    items = tuple(
        Exploited(
            f"vulnerabilities[{at}]",
            line(each, "cveID"),
            line(each, "vulnerabilityName"),
            line(each, "dateAdded"),
            line(each, "dueDate"),
            {"Known": True, "Unknown": None}.get(line(each, "knownRansomwareCampaignUse")),
        )
        for at, each in objects(value, "vulnerabilities")
    )
    announced = number(inside(value, "count"))
    lacks = (
        (f"it announces {announced:,.0f} entries and holds {len(items):,}",)
        if announced is not None and announced != len(items)
        else ()
    )
    version = line(value, "catalogVersion")
    made_at = line(value, "dateReleased")
    yield Report(FORMAT, version, "CISA", target="KEV", made_at=made_at, items=items, lacks=lacks)
