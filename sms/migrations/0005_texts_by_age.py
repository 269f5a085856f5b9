"""What is to be wiped is found without reading the table; made beside writers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sms", "0004_message_trace")]
    operations = [
        AddIndexConcurrently(
            "message", models.Index(fields=["id"], name="message_text", condition=models.Q(("text", ""), _negated=True))
        )
    ]
