"""What is bound to a piece of work, and whose word counts for a request's id."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from panel.lib import tracing

ID = uuid.UUID("0b5f7c0e-9d1c-4e0a-8a5e-1d7b6c2f3a41")


def test_fields_hold_inside_and_are_gone_outside():
    with tracing.bound(trace=ID, order=7):
        with tracing.bound(order=8):
            tracing.note(customer=3)
            assert dict(tracing.read_bound()) == {"trace": ID, "order": 8, "customer": 3}
        assert dict(tracing.read_bound()) == {"trace": ID, "order": 7}
    assert (dict(tracing.read_bound()), tracing.current_trace()) == ({}, None)


def test_nothing_is_noted_outside_of_a_request():
    tracing.note(customer=3)
    assert dict(tracing.read_bound()) == {}
    with tracing.bound(task="a"):
        tracing.note(customer=3)
        assert dict(tracing.read_bound()) == {"task": "a"}


def test_a_pool_thread_knows_what_was_bound_only_where_it_was_carried():
    with ThreadPoolExecutor(1) as pool, tracing.bound(trace=ID):
        assert pool.submit(tracing.current_trace).result() is None
        assert pool.submit(tracing.carry(tracing.current_trace)).result() == ID


def test_work_of_several_requests_names_them_all_once():
    other = uuid.uuid4()
    with tracing.bound_traces([ID, None, ID]):
        assert tracing.current_trace() == ID
    with tracing.bound_traces([ID, other, ID]):
        assert dict(tracing.read_bound()) == {"trace": None, "traces": [ID, other]}


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (str(ID), ID),
        (ID.hex, ID),
        ("reseller-42-call-9", uuid.uuid5(tracing.NAMESPACE, "reseller-42-call-9")),
    ],
)
def test_the_id_that_a_proxy_of_ours_passed_on_is_kept(settings, sent, named):
    settings.TRUSTED_PROXIES = 1
    assert tracing.read_request_id({"HTTP_X_REQUEST_ID": sent}) == (named, sent)


@pytest.mark.parametrize(
    ("proxies", "sent"),
    [
        (0, str(ID)),
        (1, ""),
        (1, "short"),
        (1, "x" * 65),
        (1, "two\nlines-of-it"),
        (1, "a-line-more\n"),
        (1, "with spaces in it"),
    ],
)
def test_any_other_id_is_replaced_by_a_new_one(settings, proxies, sent):
    settings.TRUSTED_PROXIES = proxies
    trace, text = tracing.read_request_id({"HTTP_X_REQUEST_ID": sent})
    assert (text, trace.version, trace == ID) == (None, 4, False)
