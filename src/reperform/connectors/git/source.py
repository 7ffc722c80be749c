"""git/history: how a repository's answers become tables."""

from reperform.connectors.answer import Source
from reperform.connectors.git.ask import STREAM
from reperform.connectors.git.cover import covers
from reperform.connectors.git.shape import shape
from reperform.connectors.git.tables import TABLES

SOURCE = Source(
    stream=STREAM,
    tables=TABLES,
    shape=shape,
    covers=covers,
    blind=(
        "approvals, checks and pushes that a hosting service records outside git; who really typed "
        "a commit; commits whose committer date was set wrong; branches other than the release "
        "branch"
    ),
)
