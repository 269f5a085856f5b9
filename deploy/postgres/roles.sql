-- Once, as a superuser: psql -v ON_ERROR_STOP=1 -v password="$PANEL_PASSWORD" -f roles.sql
-- What the panel sets for each session without PgBouncer, and can't behind it in transaction mode.
SELECT format('CREATE ROLE panel LOGIN PASSWORD %L', :'password')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'panel') \gexec
ALTER ROLE panel SET statement_timeout = '60s';
ALTER ROLE panel SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE panel SET plan_cache_mode = 'force_generic_plan';
ALTER ROLE panel SET random_page_cost = 1.1;
ALTER ROLE panel SET jit = off;
-- Closing house days asks for the oldest open transaction of all roles.
GRANT pg_read_all_stats TO panel;
SELECT 'CREATE DATABASE panel OWNER panel' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'panel') \gexec
