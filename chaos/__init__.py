"""`python -m chaos`: the whole panel under load while its parts are killed, and the books are added up afterwards.

It starts PostgreSQL, Valkey, web, workers, beat and a sandbox of its own, so that it can hurt them. Customers keep
their own record of what they were told (`record.py`); the end compares it with the panel's rows, and these with what
the upstreams, the bank and the SMS gateways say they got (`judging.py`). A seed chooses the load, the faults and the
blows.
"""
