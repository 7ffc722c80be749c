"""Rows in the states that pages of their own are for, and files that wait for their import.

Everybody here began work, moved and left more than a year ago, and nobody asks for a policy of
these: what the registers say of the last year is that of the other rows.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reperform.accounts.models import Membership, Organization

TAILORED = "AC-05"
DRAFT, SUBMITTED = "vendor-management", "code-of-conduct"
MOVED = "Mel Ortiz"
LISTS = {
    "assessment": "Criterion,Status,Note\nCC6.1,met,Seen\nCC9.9,met,No such criterion\n",
    "assets": "Name,Kind,Owner\nQueue,application,\nQueue,nonsense,nobody@larkspur.example\n",
    "incidents": "Title,Noticed\nMail was late,2026-05-04 09:00 UTC\nNo day,soon\n",
    "people": "Name,Email,Start\nNia Holm,nia@larkspur.example,2025-02-03\nNo Day,x,soon\n",
    "policies": "# Clean desks\n\nPapers are locked away.\n",
    "risks": "Title,Category\nA flood,availability\nNo category,nonsense\n",
    "vendors": "Name,Service\nPost,Carries letters\nVendor 1,Twice here\n",
    "accounts of 1": "user,email,role\nada,ada@larkspur.example,admin\nnobody,,reader\n",
}
"""Purpose -> a file with a row that is right and one that is wrong."""


def fill_states(organization: "Organization", people: "list[Membership]") -> None:
    """Fill them in."""
    enter_people(organization)
    tailor(organization)
    write_policies(organization, people)
    keep_uploads(organization, people[0])


def enter_people(organization: "Organization") -> None:
    """Enter the administrator, who has steps to do, and somebody who moved and left."""
    from browser.filling import NOW, TODAY  # noqa: PLC0415 - after the settings, and it imports this
    from reperform.program.actions.people import (  # noqa: PLC0415
        enter_joiner,
        enter_leaver,
        enter_move,
    )
    from reperform.program.people import (  # noqa: PLC0415
        JoinerFields,
        LeaverFields,
        PersonFields,
        PostingFields,
    )

    by: dict[str, Any] = {"organization": organization, "by": "test", "at": NOW}
    first, moved, last = (TODAY - timedelta(days=days) for days in (900, 700, 400))
    for name in ("Ada Reyes", MOVED):
        email = f"{name.split()[0].lower()}@larkspur.example"
        said = JoinerFields(PersonFields(name, email, first), PostingFields(first, position="Lead"))
        row = enter_joiner(fields=said, **by)
    enter_move(number=row.number, fields=PostingFields(moved, position="Head"), **by)
    row.refresh_from_db()
    enter_leaver(number=row.number, fields=LeaverFields(last), seen=row.version, **by)


def tailor(organization: "Organization") -> None:
    """Say a control that tests are written for in other words."""
    from dataclasses import replace  # noqa: PLC0415

    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.program.actions.control_keeping import Seen  # noqa: PLC0415
    from reperform.program.actions.controls import change_control  # noqa: PLC0415
    from reperform.program.queries import stated_control  # noqa: PLC0415

    stated = stated_control(organization, TAILORED)
    assert stated is not None
    change_control(
        organization=organization,
        seen=Seen(TAILORED, stated.version),
        document=replace(stated.document, text="Nobody signs in as root from another host."),
        owner=None,
        implemented_on=stated.implemented_on,
        by="test",
        at=NOW,
    )


def write_policies(organization: "Organization", people: "list[Membership]") -> None:
    """Take two templates: one is to be filled, one waits for somebody to approve it."""
    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from reperform.program.actions.policies import NewPolicy, make_policy  # noqa: PLC0415
    from reperform.program.actions.policy_versions import submit_policy  # noqa: PLC0415
    from reperform.program.models import PolicyVersion  # noqa: PLC0415
    from reperform.program.queries.policy_templates import from_template  # noqa: PLC0415

    templates = {each.id: each for each in catalog().templates}
    for key in (DRAFT, SUBMITTED):
        fields, text = from_template(organization, templates[key], None)
        new = NewPolicy(key, fields, text, template=key)
        make_policy(organization=organization, new=new, author=people[1], by="test", at=NOW)
    filled = {"text": "Everybody is fair.\n", "placeholders": {}}
    PolicyVersion.objects.filter(policy__key=SUBMITTED).update(**filled)
    submit_policy(organization=organization, key=SUBMITTED, seen=1, by="test", at=NOW)


def keep_uploads(organization: "Organization", member: "Membership") -> None:
    """Bring a file for each import."""
    from browser.filling import NOW  # noqa: PLC0415 - as above
    from reperform.program.actions.code.apply import export_program  # noqa: PLC0415
    from reperform.program.actions.uploads import keep_upload  # noqa: PLC0415
    from reperform.program.code.archive import zip_program  # noqa: PLC0415

    program = zip_program(export_program(organization))
    late = NOW + timedelta(hours=12)  # however long the tests before it take
    files = {purpose: text.encode() for purpose, text in LISTS.items()} | {"program": program}
    for purpose, content in files.items():
        name = {"policies": "desks.md", "program": "program.zip"}.get(purpose, "list.csv")
        keep_upload(member=member, purpose=purpose, file_name=name, content=content, at=late)
