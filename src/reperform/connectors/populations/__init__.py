"""populations: the tables that any source may fill, so that one test of a control reads them all.

A population is a list that auditors ask for: accounts, changes, backups.  Every row says in
`system` where it is from; a source fills the columns that it knows, and leaves the others NULL.
Columns that mean what an attribute of the Open Cybersecurity Schema Framework (1.x) means carry
its path.
"""

from collections.abc import Mapping

from reperform.base.table import TableSpec
from reperform.connectors.populations import access, change, operations, privacy, protection

TABLES: Mapping[str, TableSpec] = {
    spec.name: spec
    for module in (access, change, operations, protection, privacy)
    for spec in module.TABLES
}
"""Every population, by name, such as `population.accounts`."""
