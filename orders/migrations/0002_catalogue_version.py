"""A trigger raises the catalogue's version with every change of a category or service, whoever makes it.

The number follows the clock, so that it never comes back: not even in a database that was emptied.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orders_catalogueversion AS v (id, number)
        VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        ON CONFLICT (id) DO UPDATE SET number = greatest(v.number + 1, excluded.number);
    RETURN NULL;
END $$;
CREATE TRIGGER orders_service_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orders_service
    FOR EACH STATEMENT EXECUTE FUNCTION orders_raise_catalogue_version();
CREATE TRIGGER orders_category_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orders_category
    FOR EACH STATEMENT EXECUTE FUNCTION orders_raise_catalogue_version();
"""
BACKWARD = """
DROP TRIGGER orders_service_version ON orders_service;
DROP TRIGGER orders_category_version ON orders_category;
DROP FUNCTION orders_raise_catalogue_version();
DELETE FROM orders_catalogueversion;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
