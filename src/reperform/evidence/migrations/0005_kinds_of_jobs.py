"""Jobs and schedules of other things than connections; those that there are stay what they are."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

_KINDS = [
    ("collection", "collection"),
    ("examination", "examination"),
    ("test", "test"),
]
_IS_OF_A_CONNECTION = models.Q(
    models.Q(("connection__isnull", False), ("kind", "collection")),
    models.Q(models.Q(("kind", "collection"), _negated=True), ("connection", None)),
    _connector="OR",
)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of what there is that it is about a connection."""
    connections = apps.get_model("evidence", "Connection").objects.filter(pk=OuterRef("connection"))
    number = Cast(Subquery(connections.values("number")), models.CharField())
    subject = Concat(Value("connection "), number)
    apps.get_model("evidence", "Job").objects.update(subject=subject)
    apps.get_model("evidence", "JobSchedule").objects.update(
        subject=subject, organization_id=Subquery(connections.values("organization"))
    )
    if schema_editor.connection.vendor == "postgresql":
        # A table with checks that wait for the end of the transaction cannot be altered in it.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_provider_version"),
        ("evidence", "0004_notices"),
    ]

    operations = [
        migrations.RenameModel("ConnectionSchedule", "JobSchedule"),
        migrations.RemoveConstraint(model_name="job", name="job_one_at_a_time"),
        *(
            migrations.AddField(
                model_name=model,
                name="kind",
                field=models.CharField(choices=_KINDS, default="collection", max_length=20),
                preserve_default=False,
            )
            for model in ("job", "jobschedule")
        ),
        *(
            migrations.AddField(
                model_name=model,
                name="subject",
                field=models.CharField(default="", max_length=80),
                preserve_default=False,
            )
            for model in ("job", "jobschedule")
        ),
        *(
            migrations.AddField(model_name=model, name="what", field=models.JSONField(default=dict))
            for model in ("job", "jobschedule")
        ),
        migrations.AddField(
            model_name="jobschedule",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="jobschedule",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="connection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to="evidence.connection",
            ),
        ),
        migrations.AlterField(
            model_name="jobschedule",
            name="connection",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="schedule",
                to="evidence.connection",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                fields=["organization", "subject", "-due_at"], name="job_of_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("organization", "subject"),
                name="job_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=_IS_OF_A_CONNECTION, name="job_of_a_connection_or_not"
            ),
        ),
        migrations.AddConstraint(
            model_name="jobschedule",
            constraint=models.UniqueConstraint(
                fields=("organization", "subject"), name="schedule_once_a_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="jobschedule",
            constraint=models.CheckConstraint(
                condition=_IS_OF_A_CONNECTION, name="schedule_of_a_connection_or_not"
            ),
        ),
    ]
