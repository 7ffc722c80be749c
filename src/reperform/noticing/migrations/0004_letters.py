"""Letters that are written once and sent until they are taken, and how members are told."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _forget_unsent(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("noticing", "ToldNotice").objects
    rows.filter(**{"sent_at": None}).delete()  # by name: the model of today has no such field


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_groups_of_the_directory"),
        ("noticing", "0003_webhooks"),
    ]

    operations = [
        # What was being sent when the program ended was never known to be told.
        migrations.RunPython(_forget_unsent, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name="toldnotice",
            name="sent_at",
        ),
        migrations.CreateModel(
            name="BeingTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_by", models.CharField(max_length=320)),
                ("changed_at", models.DateTimeField()),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.CharField(max_length=80, unique=True)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="toldnotice",
            name="letter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="told",
                to="noticing.letter",
            ),
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("next_at", models.DateTimeField()),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("given_up_at", None), ("sent_at", None)),
                fields=["not_before"],
                name="letter_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["member", "-made_at"], name="letter_of_member"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("given_up_at", None), _connector="OR"),
                name="letter_sent_or_given_up",
            ),
        ),
        migrations.AddIndex(
            model_name="telling",
            index=models.Index(fields=["next_at"], name="telling_next"),
        ),
    ]
