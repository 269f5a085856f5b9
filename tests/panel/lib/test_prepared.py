"""Prepared statements on Django's connection: what they leave behind when all goes well, and when it doesn't."""

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg.types.numeric import Int8

from orders.models import Order
from panel.lib.prepared import find_prepared, run_prepared
from tests.factories import make_customer, make_key, make_service
from tests.together import run_together


def prepared_statements():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_parameters_and_rows_keep_their_types():
    rows = run_prepared(b"SELECT $1::bigint, $2::text, $3::bytea, $4::bool", (5, "خوب", b"\x00\xff", True))
    assert rows == [(5, "خوب", b"\x00\xff", True)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_is_prepared_once_and_the_orm_s_are_not():
    connection.close()
    for number in range(8):
        assert run_prepared(b"SELECT $1::bigint + 1", (number,)) == [(number + 1,)]
        make_customer().refresh_from_db()
    assert [text for text in prepared_statements() if "accounts_customer" in text] == []
    assert prepared_statements().count("SELECT $1::bigint + 1") == 1


@pytest.mark.django_db
def test_a_failure_inside_a_transaction_leaves_it_usable():
    with transaction.atomic():
        customer = make_customer()
        with pytest.raises(psycopg.errors.DivisionByZero):
            run_prepared(b"SELECT 1 / $1::int", (0,))
        assert run_prepared(b"SELECT $1::int", (7,)) == [(7,)]
    customer.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_failure_outside_a_transaction_leaves_the_connection_usable():
    with pytest.raises(psycopg.errors.DivisionByZero):
        run_prepared(b"SELECT 1 / $1::int", (0,))
    assert run_prepared(b"SELECT $1::int", (7,)) == [(7,)]


def end_session(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.django_db(transaction=True)
def test_after_the_server_ended_the_session_the_next_call_has_a_new_one():
    pid = run_prepared(b"SELECT pg_backend_pid() + $1::int", (0,))[0][0]
    run_together(lambda: end_session(pid))
    with pytest.raises(psycopg.OperationalError):
        run_prepared(b"SELECT $1::int", (1,))
    assert run_prepared(b"SELECT $1::int", (1,)) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_an_api_call_answers_503_then_works_when_its_session_was_ended():
    values = {"key": make_key(make_customer(toman=5)), "action": "balance"}
    pid = run_prepared(b"SELECT pg_backend_pid() + $1::int", (0,))[0][0]
    run_together(lambda: end_session(pid))
    answers = [Client().get("/api/v2", values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].json() == {"error": "Temporarily unavailable, try again"}
    assert answers[1].json() == {"balance": "5", "currency": "IRT"}


@pytest.mark.django_db
def test_a_row_is_the_one_that_the_orm_reads_and_counts_as_a_query(django_assert_num_queries):
    customer = make_customer()
    service = make_service(link_hosts=["example.com"])
    order = Order.objects.create(
        customer=customer,
        service=service,
        channel="dashboard",
        link="x",
        quantity=5,
        charge=7,
        fields={"a": "ب"},
    )
    for row in (customer, service, order):
        expected = type(row).objects.get(pk=row.pk)
        with django_assert_num_queries(1):
            found = find_prepared(type(row), "id = $1", (Int8(row.pk),))
        names = [field.attname for field in row._meta.concrete_fields]
        assert [getattr(found, name) for name in names] == [getattr(expected, name) for name in names]
    assert find_prepared(Order, "id = $1", (Int8(0),)) is None
