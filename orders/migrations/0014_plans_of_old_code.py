"""Processes from before 0010 write drip-feeds and subscriptions without their customer: the database fills it in."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_fill_plan_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT customer_id INTO NEW.customer_id FROM orders_order WHERE id = NEW.order_id;
    RETURN NEW;
END $$;
CREATE TRIGGER drip_feed_knows_customer BEFORE INSERT ON orders_dripfeed
    FOR EACH ROW WHEN (NEW.customer_id IS NULL) EXECUTE FUNCTION orders_fill_plan_customer();
CREATE TRIGGER subscription_knows_customer BEFORE INSERT ON orders_subscription
    FOR EACH ROW WHEN (NEW.customer_id IS NULL) EXECUTE FUNCTION orders_fill_plan_customer();
"""
BACKWARD = """
DROP TRIGGER subscription_knows_customer ON orders_subscription;
DROP TRIGGER drip_feed_knows_customer ON orders_dripfeed;
DROP FUNCTION orders_fill_plan_customer();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", '0013_order_trace')]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
