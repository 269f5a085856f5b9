"""What was called at providers: the newest calls, and counts by minute and hour. All of it is in Redis alone."""
