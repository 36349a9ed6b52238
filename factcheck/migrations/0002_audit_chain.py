"""The chain: the database alone numbers, times and hashes an audit entry (factcheck/models/audit.py says how).

Plain SQL: the function is SECURITY DEFINER, so that the application's role can append without being able to write heads.
"""

from django.conf import settings
from django.db import migrations

CHAIN = """
CREATE FUNCTION factcheck_netstring(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT CASE WHEN value IS NULL THEN '-,'::bytea
           ELSE convert_to(octet_length(convert_to(value, 'UTF8')) || ':' || value || ',', 'UTF8') END
$$;

CREATE FUNCTION factcheck_audit_append() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head public.factcheck_audithead%ROWTYPE;
    field text;
    payload bytea := ''::bytea;
BEGIN
    INSERT INTO public.factcheck_audithead (chain, seq, hash) VALUES (NEW.chain, 0, repeat('0', 64))
        ON CONFLICT (chain) DO NOTHING;
    SELECT * INTO head FROM public.factcheck_audithead WHERE chain = NEW.chain FOR UPDATE;
    -- A caller's own id could meet a row that exists: with ON CONFLICT DO NOTHING the head would move on alone.
    NEW.id := nextval(pg_get_serial_sequence('public.factcheck_auditentry', 'id'));
    NEW.seq := head.seq + 1;
    NEW.prev := head.hash;
    NEW.at := clock_timestamp();
    FOREACH field IN ARRAY ARRAY[
        NEW.prev, NEW.chain, NEW.seq::text, NEW.verb, NEW.subject, NEW.subject_id::text, NEW.old, NEW.new,
        NEW.actor::text, NEW.act::text, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.text_sha256
    ] LOOP
        payload := payload || public.factcheck_netstring(field);
    END LOOP;
    NEW.hash := encode(sha256(payload), 'hex');
    UPDATE public.factcheck_audithead SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain;
    RETURN NEW;
END
$$;

-- Else the application's role could hang the function on a table of its own and move heads without entries.
REVOKE EXECUTE ON FUNCTION factcheck_audit_append() FROM PUBLIC;

CREATE TRIGGER factcheck_audit_append BEFORE INSERT ON factcheck_auditentry
    FOR EACH ROW EXECUTE FUNCTION factcheck_audit_append();

ALTER TABLE factcheck_auditentry ALTER COLUMN at SET NOT NULL;
"""

UNCHAIN = """
ALTER TABLE factcheck_auditentry ALTER COLUMN at DROP NOT NULL;
DROP TRIGGER factcheck_audit_append ON factcheck_auditentry;
DROP FUNCTION factcheck_audit_append();
DROP FUNCTION factcheck_netstring(text);
"""


def append_only(apps, schema_editor):
    """The application may read and append; heads it may only read; words it may read, add and erase."""
    if settings.DATABASE_OWNER["USER"] == settings.DATABASE_APPLICATION_ROLE:
        return
    role = schema_editor.quote_name(settings.DATABASE_APPLICATION_ROLE)
    schema_editor.execute(f"REVOKE UPDATE, DELETE ON factcheck_auditentry FROM {role}")
    schema_editor.execute(f"REVOKE INSERT, UPDATE, DELETE ON factcheck_audithead FROM {role}")
    schema_editor.execute(f"REVOKE UPDATE ON factcheck_audittext FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("factcheck", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunPython(append_only, migrations.RunPython.noop),
    ]
