"""git: the history of a local repository, read through git itself.

Complete or refused: a shallow clone, a missing or corrupt object, a repository of another user
are refusals, never a shorter history.  Nothing is written to the repository, no program that its
configuration names is run, and no network is reached.
"""

from reperform.connectors.answer import Source
from reperform.connectors.git.ask import STREAM, question
from reperform.connectors.git.cover import covers
from reperform.connectors.git.describe import Description, describe
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

__all__ = ["SOURCE", "Description", "describe", "question"]
