"""Growth: the same work on ever larger tables, the time of each beside the step before."""
