"""Take over what was noticed at connections, and whom a letter told of it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _take_over(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Copy every notice under the next numbers of its organization, and who was told of it."""
    new, told = (apps.get_model("noticing", name) for name in ("Notice", "ToldNotice"))
    old, old_told = (apps.get_model("evidence", name) for name in ("Notice", "ToldNotice"))
    numbers: dict[object, int] = {}
    for row in old.objects.select_related("connection").order_by("noticed_at", "pk"):
        numbers[row.organization_id] = numbers.get(row.organization_id, 0) + 1
        kept = new.objects.create(
            organization_id=row.organization_id,
            number=numbers[row.organization_id],
            kind=row.kind,
            topic="connections",
            subject=f"CON-{row.connection.number}",
            title=row.connection.title,
            since=row.since,
            text=row.text,
            todo="open the connection",
            page="connection",
            key=str(row.connection.number),
            noticed_at=row.noticed_at,
            over_at=row.over_at,
        )
        for each in old_told.objects.filter(notice=row):
            told.objects.create(notice=kept, member_id=each.member_id, sent_at=each.sent_at)


class Migration(migrations.Migration):
    dependencies = [
        ("noticing", "0001_initial"),
        ("evidence", "0004_notices"),
    ]

    operations = [migrations.RunPython(_take_over, migrations.RunPython.noop, elidable=True)]
