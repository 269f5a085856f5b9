"""`python -m bench.fill_exchange_once CAMPAIGNS LIKED`: fill the like exchange, look at `next`; prints facts as JSON.

Two people have liked so many of the campaigns: `head` those that are next, `scattered` some anywhere.
"""

import json
import random
import sys

import django

PATH = "/api/campaigns/next"
TABLES = ("campaigns_campaign", "campaigns_like", "campaigns_report")


def main() -> None:
    """Print `{"head": …, "scattered": …}`, each with its customer's id and what one `next` takes."""
    django.setup()
    # Models can be imported only once Django is set up.
    from django.db import connection

    from bench import exchange

    count, liked = map(int, sys.argv[1:])
    owner, other, head, scattered = exchange.make_people(4)
    campaigns = exchange.make_campaigns(owner, count)
    exchange.pay_likes(head, campaigns[:liked])
    exchange.pay_likes(scattered, random.Random(liked).sample(campaigns, liked))
    # None of the three tables that `next` looks into is empty: see bench.seeding.
    exchange.pay_likes(other, campaigns)
    exchange.make_reports(other, campaigns[:1_000])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
    people = {"head": head, "scattered": scattered}
    print(json.dumps({name: {"customer": pk} | examine_next(pk) for name, pk in people.items()}))


def examine_next(customer_id: int) -> dict:
    """The `statements` of one call beside those that tell who calls, and what its plan `scans` and `reads`."""
    from campaigns.showing import find_next

    _count_statements("get", customer_id)  # prepares statements, notes the token's use
    statements = _count_statements("get", customer_id) - _count_statements("put", customer_id)
    find_next(customer_id)  # prepared on this connection
    scans = list(_list_scans(_explain_next(customer_id)))
    return {
        "statements": statements,
        "scans": sorted({name for kind, name, _rows in scans if kind == "Seq Scan" and name in TABLES}),
        "reads": round(sum(rows for _kind, _name, rows in scans)),
    }


def _count_statements(method: str, customer_id: int) -> int:
    """Of one call; a method that nobody serves is refused once it is known who calls."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.exchange import make_liker_token

    with CaptureQueriesContext(connection) as captured:
        answer = Client(headers={"Authorization": make_liker_token(customer_id)}).generic(
            method.upper(), PATH, secure=True, headers={"Host": "127.0.0.1"}
        )
    if answer.status_code != {"get": 200, "put": 405}[method]:
        raise SystemExit(f"{method} {PATH} answers {answer.status_code}")
    return len(captured)


def _explain_next(customer_id: int) -> dict:
    """The plan of the prepared statement itself, run once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%SET turn = %'")
        (name,) = cursor.fetchone()
        values = f"({customer_id:d}, 0.5, 0)"
        cursor.execute(f'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE "{name}" {values}')
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def _list_scans(node: dict):
    """(kind, table, rows looked at) of every node of a plan that reads a table and was run."""
    if "Relation Name" in node and "Scan" in node["Node Type"] and node["Actual Loops"]:
        rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield node["Node Type"], node["Relation Name"], rows * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _list_scans(below)


if __name__ == "__main__":
    main()
