"""What is to be wiped is found without reading the table; made beside writers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("providers", "0005_changes_of_many_prices")]
    operations = [
        AddIndexConcurrently(
            "dispatch", models.Index(fields=["id"], name="dispatch_answer", condition=models.Q(("excerpt", ""), _negated=True))
        )
    ]
