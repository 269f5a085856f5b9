#!/bin/sh
# Run by PostgreSQL's image when its folder is empty.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$PANEL_PASSWORD" -U postgres -f /panel/roles.sql
