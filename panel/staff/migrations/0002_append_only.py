"""What the ORM can't say: what staff did is only ever added."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION staff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of what staff did is append-only';
END $$;
CREATE TRIGGER staff_action_append_only BEFORE UPDATE OR DELETE ON staff_staffaction
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
CREATE TRIGGER staff_action_not_emptied BEFORE TRUNCATE ON staff_staffaction
    FOR EACH STATEMENT EXECUTE FUNCTION staff_refuse_change();
"""
BACKWARD = """
DROP TRIGGER staff_action_not_emptied ON staff_staffaction;
DROP TRIGGER staff_action_append_only ON staff_staffaction;
DROP FUNCTION staff_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_staff_actions_and_notes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
