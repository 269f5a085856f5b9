"""The log stays append-only; while a customer is erased, the words of lines about them may be emptied."""

from django.db import migrations

HEAD = "CREATE OR REPLACE FUNCTION staff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$\n"
REFUSE = "    RAISE EXCEPTION 'the log of what staff did is append-only';\nEND $$;\n"
FORWARD = HEAD + """
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('panel.erasing', true) = 'on' THEN
        IF NEW.object_text = '' AND NEW.words = '' AND NEW.reason = '' AND NEW.changes = '{}'::jsonb
            AND (OLD.id, OLD.staff_id, OLD.staff_name, OLD.acting_as_id, OLD.customer_id, OLD.action, OLD.object_type,
                OLD.object_id, OLD.address, OLD.path, OLD.created)
            IS NOT DISTINCT FROM
                (NEW.id, NEW.staff_id, NEW.staff_name, NEW.acting_as_id, NEW.customer_id, NEW.action, NEW.object_type,
                NEW.object_id, NEW.address, NEW.path, NEW.created)
        THEN
            RETURN NEW;
        END IF;
    END IF;
""" + REFUSE
BACKWARD = HEAD + "BEGIN\n" + REFUSE


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
