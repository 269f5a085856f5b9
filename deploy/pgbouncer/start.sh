#!/bin/sh
# PgBouncer's list of users holds the password that SCRAM needs; it is written into memory at each start.
set -eu
umask 077
cp /panel/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
printf '"panel" "%s"\n' "$PANEL_DB_PASSWORD" > /etc/pgbouncer/userlist.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
