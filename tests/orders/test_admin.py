"""The admin of the catalogue and of orders: what its pages show, forbid and do."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from orders.models import Category, Order, OrderEvent, Service
from orders.parts.making import make_part
from orders.services import place_order
from panel.wallet.ledger import read_balance
from providers.forwarding import claim_orders
from tests.factories import make_customer, make_provider, make_route, make_service

PURSE = 100_000
CHARGE = 200  # toman for 100 pieces at 2,000 per 1,000


@pytest.fixture
def boss(db):
    return make_customer(username="boss", is_staff=True, is_superuser=True)


@pytest.fixture
def page(client, boss):
    """The test client, logged in as superuser."""
    client.force_login(boss)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def service(db):
    return make_service()


def place(service, customer=None):
    customer = customer or make_customer(PURSE)
    values = {"link": "https://example.com/post", "quantity": "100"}
    return Order.objects.get(
        pk=place_order(customer.pk, Order.Channel.DASHBOARD, service.pk, values).order_id
    )


def let_view(customer, *names):
    customer.user_permissions.set(Permission.objects.filter(codename__in=names))


def list_shown(answer):
    """The ids of the rows on a list page."""
    return [row.pk for row in answer.context["cl"].result_list]


def service_fields(service, **changes):
    """What the form of a service sends."""
    names = ("name", "description", "type", "kind", "link_format", "price", "min", "max", "pack_size")
    names += ("same_link", "route_choice")
    fields = {name: getattr(service, name) for name in names} | {
        "category": service.category_id,
        "active": "on",
        "cancel": "on",
        "original_price": "",
        "routes-TOTAL_FORMS": "0",
        "routes-INITIAL_FORMS": "0",
    }
    return fields | changes


@pytest.mark.parametrize("app", ["orders", "providers"])
def test_every_model_has_its_pages(app):
    assert [
        model for model in apps.get_app_config(app).get_models() if not admin.site.is_registered(model)
    ] == []


@pytest.mark.parametrize(
    "model",
    ["category", "service", "order", "orderevent", "idempotencykey", "catalogueversion"]
    + ["dripfeed", "subscription", "subscriptionpost"]
    + ["customertotal", "customerday", "servicetotal", "serviceday"],
)
def test_every_list_loads(page, service, model):
    place(service)
    assert page.get(reverse(f"admin:orders_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["order", "orderevent", "idempotencykey", "catalogueversion"])
def test_what_the_panel_writes_is_neither_added_nor_deleted_by_hand(page, service, model):
    order = place(service)
    row = {"orderevent": OrderEvent.objects.get(order=order).pk}.get(model, order.pk)
    codes = [page.post(reverse(f"admin:orders_{model}_add")).status_code]
    if model in ("order", "orderevent"):
        codes.append(
            page.post(reverse(f"admin:orders_{model}_delete", args=[row]), {"post": "yes"}).status_code
        )
        codes.append(
            page.post(reverse(f"admin:orders_{model}_change", args=[row]), {"kind": "x"}).status_code
        )
    assert set(codes) == {403}
    assert (Order.objects.count(), OrderEvent.objects.get().kind) == (1, "placed")


def test_a_service_is_switched_off_and_never_deleted(page, service):
    assert (
        page.post(reverse("admin:orders_service_delete", args=[service.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert Service.objects.filter(pk=service.pk).exists()


def test_a_category_with_services_is_not_deleted(page, service):
    url = reverse("admin:orders_category_delete", args=[service.category_id])
    page.post(url, {"post": "yes"})
    empty = Category.objects.create(name="empty")
    page.post(reverse("admin:orders_category_delete", args=[empty.pk]), {"post": "yes"})
    assert list(Category.objects.values_list("pk", flat=True)) == [service.category_id]


def test_a_service_is_edited_with_its_routes_on_the_page(page, service):
    make_route(service, make_provider("http://127.0.0.1:1"), "4711")
    url = reverse("admin:orders_service_change", args=[service.pk])
    assert 'value="4711"' in page.get(url).content.decode()
    answer = page.post(url, service_fields(service, price="2500"))
    service.refresh_from_db()
    assert (answer.status_code, service.price) == (302, 2500)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min": "20", "max": "10"}, "max"),
        ({"min": "0"}, "min"),
        ({"price": "-1"}, "price"),
        ({"price": "10000000001"}, "price"),
        ({"original_price": "-5"}, "original_price"),
        ({"pack_size": "0"}, "pack_size"),
    ],
)
def test_a_bound_that_the_table_refuses_is_said_beside_its_field(page, service, changes, field):
    answer = page.post(
        reverse("admin:orders_service_change", args=[service.pk]), service_fields(service, **changes)
    )
    assert field in answer.context["adminform"].form.errors
    assert Service.objects.values_list("price", "min", "max", "pack_size").get() == (2000, 10, 10_000, 1)


def test_the_order_page_shows_its_way_and_links(page, service):
    order = place(service)
    html = page.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert "https://example.com/post" in html
    assert reverse("admin:orders_order_cancel", args=[order.pk]) in html
    assert ">placed<" in html.replace("<p>", "").replace("\n", "").replace(" ", "")
    assert 'name="charge"' not in html


def test_cancel_asks_first_and_then_refunds_what_was_not_sent(page, service, boss):
    order = place(service)
    url = reverse("admin:orders_order_cancel", args=[order.pk])
    assert page.get(url).status_code == 200
    order.refresh_from_db()
    assert (order.status, read_balance(order.customer_id)) == ("pending", PURSE - CHARGE)
    answer = page.post(url, {"act": "1"})
    order.refresh_from_db()
    assert answer.headers["Location"] == reverse("admin:orders_order_change", args=[order.pk])
    assert (order.status, order.refunded, read_balance(order.customer_id)) == ("canceled", CHARGE, PURSE)
    assert [entry.user_id for entry in admin.models.LogEntry.objects.all()] == [boss.pk]


def test_a_second_cancel_is_refused_in_words_and_refunds_nothing(page, service):
    order = place(service)
    url = reverse("admin:orders_order_cancel", args=[order.pk])
    page.post(url, {"act": "1"})
    answer = page.post(url, {"act": "1"})
    assert (answer.status_code, read_balance(order.customer_id)) == (200, PURSE)
    assert len(answer.context["blocks"][0]["form"].non_field_errors()) == 1
    assert url not in page.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def test_the_cancel_of_an_order_that_is_being_sent_is_only_a_wish(page, service):
    make_route(service, make_provider("http://127.0.0.1:1"))
    order = place(service)
    claim_orders(10)
    page.post(reverse("admin:orders_order_cancel", args=[order.pk]), {"act": "1"})
    order.refresh_from_db()
    assert (order.status, order.cancel_requested_at is not None, order.refunded) == ("pending", True, 0)


def test_who_may_only_look_cannot_cancel(client, service):
    order, viewer = place(service), make_customer(is_staff=True)
    let_view(viewer, "view_order")
    client.force_login(viewer)
    url = reverse("admin:orders_order_cancel", args=[order.pk])
    shown = client.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert (shown.status_code, url in shown.content.decode()) == (200, False)
    assert [client.get(url).status_code, client.post(url, {"act": "1"}).status_code] == [403, 403]
    order.refresh_from_db()
    assert order.status == "pending"


def test_customers_are_sent_to_the_login(client, service):
    order = place(service)
    client.force_login(order.customer)
    url = reverse("admin:orders_order_cancel", args=[order.pk])
    assert client.post(url, {"act": "1"}).status_code == 302
    order.refresh_from_db()
    assert order.status == "pending"


def test_orders_are_found_by_number_and_by_customer(page, service):
    first, second = place(service), place(service)
    url = reverse("admin:orders_order_changelist")
    found = {
        text: list_shown(page.get(url, {"q": text}))
        for text in (str(first.pk), f"#{second.pk}", second.customer.mobile, "0912nobody", "9" * 30)
    }
    assert list(found.values()) == [[first.pk], [second.pk], [second.pk], [], []]


@pytest.mark.parametrize("model", ["order", "orderevent", "service"])
def test_a_longer_list_asks_no_more_queries(
    page, service, django_assert_max_num_queries, django_assert_num_queries, model
):
    url = reverse(f"admin:orders_{model}_changelist")
    place(service)
    page.get(url)
    with django_assert_max_num_queries(7) as few:
        page.get(url)
    for _ in range(5):
        place(make_service())
    with django_assert_num_queries(len(few)):
        assert len(list_shown(page.get(url))) == 6


def test_set_aside_events_are_counted_and_handed_out_again(page, service):
    place(service)
    OrderEvent.objects.update(set_aside_at="2026-01-01T00:00:00Z", failures=5)
    url = reverse("admin:orders_orderevent_changelist")
    line = f'{url}?handling=set_aside"><strong><bdi>1</bdi></strong>'
    assert line in page.get(reverse("admin:index")).content.decode()
    event = OrderEvent.objects.get()
    assert list_shown(page.get(url, {"handling": "set_aside"})) == [event.pk]
    page.post(url, {"action": "try_again", "_selected_action": [event.pk]})
    event.refresh_from_db()
    assert (event.set_aside_at, event.failures) == (None, 0)


@pytest.fixture
def feed(db):
    """A drip-feed of three runs, two of which were made."""
    values = {"link": "https://example.com/post", "quantity": 10, "runs": 3, "interval": 5}
    customer, service = make_customer(PURSE), make_service(dripfeed=True)
    order = Order.objects.get(pk=place_order(customer.pk, "dashboard", service.pk, values).order_id)
    for _ in range(2):
        make_part(order, order.link, 10)
    return order


def test_the_parts_of_an_order_are_listed_on_its_page_and_lead_back(page, feed, service):
    first, second = feed.parts.order_by("id")
    answer = page.get(reverse("admin:orders_order_change", args=[feed.pk]))
    (rows,) = (
        block.formset for block in answer.context["inline_admin_formsets"] if block.opts.model is Order
    )
    assert [form.instance for form in rows.initial_forms] == [second, first]
    all_parts = f"{reverse('admin:orders_order_changelist')}?parent__id__exact={feed.pk}"
    assert f'<a href="{all_parts}"><bdi>2</bdi></a>' in answer.content.decode()
    assert list_shown(page.get(all_parts)) == [second.pk, first.pk]
    html = page.get(reverse("admin:orders_order_change", args=[first.pk])).content.decode()
    assert f'<a href="{reverse("admin:orders_order_change", args=[feed.pk])}"><bdi dir="ltr">#' in html
    assert reverse("admin:orders_order_cancel", args=[first.pk]) not in html
    plain = page.get(reverse("admin:orders_order_change", args=[place(service).pk]))
    assert [block for block in plain.context["inline_admin_formsets"] if block.opts.model is Order] == []


def test_only_the_newest_parts_stand_on_the_page(page, feed, monkeypatch):
    monkeypatch.setattr("orders.admin.orders.SHOWN_PARTS", 1)
    answer = page.get(reverse("admin:orders_order_change", args=[feed.pk]))
    (rows,) = (
        block.formset for block in answer.context["inline_admin_formsets"] if block.opts.model is Order
    )
    assert [form.instance.pk for form in rows.initial_forms] == [max(feed.parts.values_list("pk", flat=True))]


def test_parts_are_told_from_orders_in_the_list(page, feed):
    url = reverse("admin:orders_order_changelist")
    parts = sorted(feed.parts.values_list("pk", flat=True), reverse=True)
    found = {value: list_shown(page.get(url, {"part": value})) for value in ("yes", "no", "x")}
    assert found == {"yes": parts, "no": [feed.pk], "x": [*parts, feed.pk]}
