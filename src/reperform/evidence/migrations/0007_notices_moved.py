"""Notices are of the stage `noticing`, which took over what was here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_signs_of_workers"),
        ("noticing", "0002_taken_over"),
    ]

    operations = [
        migrations.DeleteModel(name="ToldNotice"),
        migrations.DeleteModel(name="Notice"),
    ]
