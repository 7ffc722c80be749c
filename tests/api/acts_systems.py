"""The act of saying which systems are the systems of record."""

from collections.abc import Callable

from api.acts import AT, BY, Case, Place
from reperform.program.actions.systems import state_systems
from reperform.program.systems import SystemRole


def state(place: Place) -> Callable[[], object]:
    return lambda: state_systems(
        organization=place.organization,
        systems={SystemRole.IDENTITY_PROVIDER: ("okta acme",)},
        seen=0,
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "program.actions.systems.state_systems": Case(
        state,
        ("systems.stated",),
        before={"identity_provider": []},
        after={"identity_provider": ["okta acme"], "hr_roster": []},
    ),
}
NO_ACTS: dict[str, str] = {
    "report.actions.systems.take_systems": (
        "a part of examine_connections, whose entry names the file"
    ),
}
