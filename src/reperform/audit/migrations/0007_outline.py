"""What each examination came to, so that a test can be followed without reading them all."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reperform.audit.outline import outline_of


def _outline(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    records = apps.get_model("audit", "ExaminationRecord").objects
    for number in list(records.values_list("pk", flat=True)):
        results = records.values_list("results", flat=True).get(pk=number)
        records.filter(pk=number).update(outline=outline_of(results))


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_outcomes_over_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="examinationrecord",
            name="outline",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(_outline, migrations.RunPython.noop, elidable=True),
    ]
