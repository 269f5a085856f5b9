"""What the ORM can't say: transfers are only ever added, and owned accounts begin above the house's ids."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION wallet_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transfers are append-only: correct one with another transfer';
END $$;
CREATE TRIGGER wallet_transfer_append_only BEFORE UPDATE OR DELETE ON wallet_transfer
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse_change();
ALTER TABLE wallet_account ALTER COLUMN id SET START WITH 1000 RESTART;
"""
BACKWARD = """
DROP TRIGGER wallet_transfer_append_only ON wallet_transfer;
DROP FUNCTION wallet_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
