"""App stores that sell bundles: one small interface (`base.py`) and a file for each store."""
