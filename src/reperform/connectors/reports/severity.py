"""One scale for all: critical, high, medium, low, info; NULL where the source has no word for it.

What each format's words are worth is in `severities.csv` beside this.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from reperform.connectors.reports.found import Finding
from reperform.connectors.reports.sarif import FORMAT as SARIF

# CVSS 3.1, section 5: qualitative severity rating scale.
_RATINGS = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "info"))


def severity(form: str, finding: Finding) -> str | None:
    """Return how severe a finding is on our scale.

    SARIF's levels rank how sure a tool is that something is wrong; where a rule has a score for
    security, as CodeQL's have, that decides.
    """
    if form == SARIF and finding.score is not None:
        return rating(finding.score)
    found = _words().get((form, finding.severity.lower()))
    if found is None and finding.score is not None:
        return rating(finding.score)
    return found


def rating(score: float) -> str | None:
    """Return the word for a CVSS base score; None when it is none.

    >>> rating(9.8), rating(6.9), rating(11)
    ('critical', 'medium', None)
    """
    most = 10
    return next((word for least, word in _RATINGS if least <= score <= most), None)


@cache
def _words() -> Mapping[tuple[str, str], str]:
    text = files(__package__ or "").joinpath("severities.csv").read_text("utf-8")
    return {(row["format"], row["said"]): row["severity"] for row in csv.DictReader(text.split())}
