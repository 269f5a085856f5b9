"""Long work that somebody started and may leave: exports, imports, price changes. The job's row is the queue."""
