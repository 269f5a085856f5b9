"""A trigger raises a service's version with every change of its row, whoever makes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_raise_service_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_service_row_version BEFORE UPDATE ON orders_service
    FOR EACH ROW EXECUTE FUNCTION orders_raise_service_version();
"""
BACKWARD = """
DROP TRIGGER orders_service_row_version ON orders_service;
DROP FUNCTION orders_raise_service_version();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_links_refills_blocking")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
