"""The registers that are files, in the order in which they are applied.

A register stands after those that its items refer to.
"""

from reperform.program.actions.code import (
    Register,
    assets,
    calendar,
    checklists,
    controls,
    courses,
    description,
    flows,
    notification_terms,
    policies,
    risks,
    scope,
    tasks,
    vendors,
)
from reperform.program.code import Kind

REGISTERS: tuple[Register, ...] = (
    scope.REGISTER,
    description.REGISTER,
    policies.REGISTER,
    controls.REGISTER,
    tasks.REGISTER,
    risks.SCALES,
    risks.REGISTER,
    assets.REGISTER,
    flows.REGISTER,
    calendar.REGISTER,
    notification_terms.REGISTER,
    vendors.REGISTER,
    checklists.REGISTER,
    courses.REGISTER,
)
KINDS: tuple[Kind, ...] = tuple(register.kind for register in REGISTERS)
