"""Some rows of every register, so that a page of each is there to be judged."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reperform.accounts.models import Membership, Organization


def fill_registers(organization: "Organization", people: "list[Membership]") -> None:
    """Add some rows of each register, past the actions: what the pages show is what counts."""
    from browser.filling import NOW  # noqa: PLC0415 - after the settings, and it imports this
    from grown.access_reviews import grow_access_reviews  # noqa: PLC0415 - as above
    from grown.assets import grow_assets  # noqa: PLC0415
    from grown.connections import grow_connections  # noqa: PLC0415
    from grown.notices import grow_notices  # noqa: PLC0415
    from grown.occurrences import grow_occurrences  # noqa: PLC0415
    from grown.people import grow_people  # noqa: PLC0415
    from grown.policies import grow_policies  # noqa: PLC0415
    from grown.risks import grow_risks  # noqa: PLC0415
    from grown.vendors import grow_vendors  # noqa: PLC0415
    from grown.waivers import grow_waivers  # noqa: PLC0415

    grow_people(organization, 4, NOW)
    grow_assets(organization, people, 3, NOW)
    grow_occurrences(organization, 6, NOW)
    grow_vendors(organization, people, 3, NOW)
    add_cloud_host(organization)
    grow_connections(organization, 2, NOW)
    add_list(organization)
    bring(organization)
    grow_risks(organization, 3, NOW)
    grow_policies(organization, people, 2, NOW)
    grow_access_reviews(organization, people, 2, NOW)
    grow_waivers(organization, people, 33, NOW)
    grow_notices(organization, people, 3, NOW)
    decide_schedules(organization)


def decide_schedules(organization: "Organization") -> None:
    """Say when all is examined, and when one test runs by itself: far from now."""
    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.evidence.actions.schedules import set_schedule  # noqa: PLC0415
    from reperform.evidence.job import examination_of, run_of  # noqa: PLC0415
    from reperform.evidence.schedule import Every, Schedule  # noqa: PLC0415

    for work in (examination_of(), run_of("AC-01.T1")):
        set_schedule(
            organization=organization,
            work=work,
            schedule=Schedule(Every.MONTH, day=1),
            seen=0,
            by="test",
            at=NOW,
        )


def add_cloud_host(organization: "Organization") -> None:
    """Enter VEN-4: the cloud host that the scope carves out, of which nobody has read anything."""
    from browser.filling import NOW, TODAY  # noqa: PLC0415 - as above
    from reperform.program.actions.vendors import make_vendor  # noqa: PLC0415
    from reperform.program.vendors import Method, VendorFields  # noqa: PLC0415

    host = VendorFields(
        name="Nimbus Cloud",
        service="Hosts servers and databases",
        criticality="critical",
        is_subservice=True,
        method=Method.CARVE_OUT,
        started_on=TODAY - timedelta(days=200),
    )
    make_vendor(organization=organization, fields=host, by="test", at=NOW)


def add_list(organization: "Organization") -> None:
    """Add CON-3: a list that people bring, which has pages that other sources lack."""
    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.evidence.models import Connection  # noqa: PLC0415

    Connection.objects.create(
        organization=organization,
        number=3,
        title="Register of people",
        connector="lists",
        settings={"table": "people", "system": "hr", "dated": "collected", "files": []},
        changed_by="test",
        changed_at=NOW,
    )


def bring(organization: "Organization") -> None:
    """Bring evidence by hand."""
    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.evidence.actions.manual import bring_evidence  # noqa: PLC0415
    from reperform.evidence.manual import read_manual  # noqa: PLC0415

    said = {"title": "Minutes", "request": "PBC-12", "first": "2026-07-01"}
    fields, problems = read_manual(said, today=NOW.date(), now=NOW)
    assert not problems
    bring_evidence(
        organization=organization,
        fields=fields,
        name="minutes.txt",
        content=b"We met.\n",
        by="test",
        at=NOW,
    )
