"""`python -m bench`: what the panel must reach, measured beside pgbench on the same server in the same run.

Times of one machine say little about another, so a row is a ratio: both sides take turns, A B A B A B, for
the same number of seconds, and the median of the pairs counts.
"""
