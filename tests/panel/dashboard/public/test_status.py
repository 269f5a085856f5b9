"""The status page: what customers feel, who is in trouble, and which part of the panel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Category, Order
from orders.services import place_order
from orders.speeds import STALE
from panel.dashboard.public import health
from tests.factories import make_customer, make_provider, make_route, make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts
from tests.panel.dashboard.public.speeds import measure


def read_notice(page):
    return [
        text
        for tone in ("success", "info", "warning")
        for text in read_texts(page, "p", class_=f"alert-{tone}")
    ]


def read_components(page):
    return [read_text(item) for item in find_one(page, "ul", class_="notices").children]


def walk_links(element):
    if getattr(element, "name", "") == "a":
        yield element
    for child in getattr(element, "children", []):
        yield from walk_links(child)


def test_all_is_well(visitor, service):
    measure(service)
    page = visitor.get("/status/")
    assert read_notice(page) == ["All services work normally."]
    assert read_rows(page) == [["Likes", "5 minutes", "2 hours", "100 percent", "Works normally"]]


def test_nothing_was_measured(visitor, service):
    measure(service, measured_at=timezone.now() - STALE)
    page = visitor.get("/status/")
    assert read_notice(page) == ["Nothing is known to be wrong; no order moved in the last day."]
    assert read_texts(page, "table") == []


def test_the_troubled_come_first_and_no_provider_is_named(visitor):
    failing, waiting, good = (make_service(name=name) for name in ("failing", "waiting", "good"))
    make_route(failing, make_provider("http://127.0.0.1:1", name="Secret Upstream"))
    measure(good)
    measure(waiting, waiting=2)
    measure(failing, finished=1, failed=9, start_seconds=None, finish_seconds=None)
    page = visitor.get("/status/")
    (trouble,) = find_all(page, "section", class_="trouble")
    assert read_texts(page, "h2")[0] == "Not as it should be"
    assert [read_attributes(one)["href"] for one in walk_links(trouble)] == [
        f"/services/{failing.pk}/",
        f"/services/{waiting.pk}/",
    ]
    assert read_rows(page) == [
        ["failing", "—", "—", "10 percent", "Many orders fail"],
        ["waiting", "5 minutes", "2 hours", "100 percent", "Orders wait"],
        ["good", "5 minutes", "2 hours", "100 percent", "Works normally"],
    ]
    assert "Secret Upstream" not in page.content.decode()


def test_what_is_paused_says_so_and_is_no_trouble(visitor):
    measure(make_service(name="off", active=False, pause_reason="gone"), finished=0, failed=9)
    page = visitor.get("/status/")
    assert (read_notice(page), read_rows(page)[0][4]) == (["All services work normally."], "Paused")


def test_many_troubled_services_are_cut_and_said_to_be(visitor):
    for _ in range(health.WORST + 1):
        measure(make_service(), waiting=1)
    page = visitor.get("/status/")
    (trouble,) = find_all(page, "section", class_="trouble")
    assert len(list(walk_links(trouble))) == health.WORST
    assert "There are more; each is marked below." in read_texts(page, "p", class_="hint")


def test_components_are_judged_by_their_own_rows(visitor, service):
    measure(service)
    customer = make_customer(toman=10_000)
    placed = place_order(
        customer.pk, "dashboard", service.pk, {"link": "https://instagram.com/p/a", "quantity": 10}
    )
    Order.objects.filter(pk=placed.order_id).update(next_try_at=timezone.now() - timedelta(minutes=20))
    page = visitor.get("/status/")
    assert read_components(page) == [
        "Placing and passing on orders Does not work at the moment",
        "SMS: codes and news Nothing measured lately",
        "Payments through the bank Nothing measured lately",
    ]
    assert read_notice(page) == ["A part of the panel does not work as it should; see below."]


def test_a_category_can_be_chosen(visitor):
    likes, views = (make_service(name=name) for name in ("likes", "views"))
    measure(likes)
    measure(views)
    page = visitor.get("/status/", {"category": views.category_id})
    assert [row[0] for row in read_rows(page)] == ["views"]


def test_the_pages_together_show_every_service_once(visitor, monkeypatch):
    monkeypatch.setattr(health, "PAGE_SIZE", 2)
    shelves = [Category.objects.create(name=str(sort), sort=sort) for sort in (3, -1)]
    for number in range(5):
        measure(make_service(name=f"s{number}", category=shelves[number % 2]))
    seen, address = [], "/status/"
    while address:
        page = visitor.get(address)
        seen.append([row[0] for row in read_rows(page)])
        following = find_all(page, "a", rel="next")
        address = f"/status/{read_attributes(following[0])['href']}" if following else ""
    assert seen == [["s1", "s3"], ["s0", "s2"], ["s4"]]


@pytest.mark.parametrize("cursor", ["x", "1.2", "1.2.3.4", "1_0.2.3", "9" * 50, "٣.1.1", "99999999999.1.1"])
def test_a_cursor_that_is_none_begins_at_the_beginning(visitor, service, cursor):
    measure(service)
    assert len(read_rows(visitor.get("/status/", {"after": cursor}))) == 1


@pytest.mark.parametrize("count", [3, 60])
def test_queries_do_not_grow(visitor, count, django_assert_max_num_queries):
    for _ in range(count):
        measure(make_service())
    with django_assert_max_num_queries(10):  # two more for the session of who is logged in
        visitor.get("/status/")


def test_of_orders_only_the_head_of_the_queue_is_read(visitor, service, django_assert_max_num_queries):
    measure(service)
    with django_assert_max_num_queries(10) as looked:
        visitor.get("/status/")
    statements = [one["sql"] for one in looked.captured_queries if 'orders_order"' in one["sql"]]
    assert [sql.rpartition(" ORDER BY ")[2] for sql in statements] == ["1 ASC LIMIT 1"]
