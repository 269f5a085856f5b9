"""Changing many prices at once: planned, looked at, applied as a job, and undone for a day."""
