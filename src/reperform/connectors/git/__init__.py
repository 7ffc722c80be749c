"""git: the history of a local repository, read through git itself.

Complete or refused: a shallow clone, a missing or corrupt object, a repository of another user
are refusals, never a shorter history.  Nothing is written to the repository, no program that its
configuration names is run, and no network is reached.
"""

from reperform.connectors.git.ask import question
from reperform.connectors.git.connector import CONNECTOR
from reperform.connectors.git.describe import Description, describe
from reperform.connectors.git.source import SOURCE

__all__ = ["CONNECTOR", "SOURCE", "Description", "describe", "question"]
