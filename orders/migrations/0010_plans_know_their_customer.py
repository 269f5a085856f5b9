import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE orders_dripfeed plan SET customer_id = o.customer_id FROM orders_order o WHERE o.id = plan.order_id;
UPDATE orders_subscription plan SET customer_id = o.customer_id FROM orders_order o WHERE o.id = plan.order_id;
"""


def customer(**more):
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+',
        to=settings.AUTH_USER_MODEL, verbose_name='customer', **more,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0009_favourite_services"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField('dripfeed', 'customer', customer(null=True)),
        migrations.AddField('subscription', 'customer', customer(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField('dripfeed', 'customer', customer()),
        migrations.AlterField('subscription', 'customer', customer()),
        migrations.AddIndex(
            'dripfeed', models.Index(fields=['customer', '-order'], name='drip_feed_customer'),
        ),
        migrations.AddIndex(
            'subscription', models.Index(fields=['customer', '-order'], name='subscription_customer'),
        ),
    ]
