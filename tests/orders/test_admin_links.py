"""The admin of held links, refills, blocked terms, and the link rules of services."""

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from orders.links import make_link_key
from orders.models import BlockedTerm, LinkHold, Order, Refill, Service
from orders.refills import ask_again, request_refill
from orders.refusals import OrderRefused
from tests.factories import make_customer, make_service
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as _superuser
from tests.together import run_together

superuser = _superuser
LINK = "https://example.com/post"


def make_order(service, **fields):
    """An order of the service on LINK."""
    values = {"channel": "standard", "link": LINK, "quantity": 100, "charge": 0} | fields
    return Order.objects.create(customer=make_customer(), service=service, **values)


@pytest.fixture
def hold(db):
    """A link that an unclear order holds, with two orders behind it."""
    service = make_service(same_link="queue")
    holder = make_order(service, forwarding="unclear")
    for _ in range(2):
        make_order(service, held_by=holder.pk)
    key = make_link_key(LINK, service.kind, service.pk)
    return LinkHold.objects.create(link_key=key, order=holder)


def release_url(order_id):
    return reverse("admin:orders_linkhold_release", args=[order_id])


def test_the_list_tells_who_holds_a_link_and_how_many_wait(superuser, hold):
    alone = LinkHold.objects.create(link_key=-5, order=make_order(hold.order.service))
    html = read(superuser, page_of(LinkHold))
    wanted = [LINK, f"#{hold.order_id}", "unclear", "<bdi>2</bdi>", release_url(hold.order_id)]
    assert [text for text in wanted if text not in html] == []
    assert release_url(alone.order_id) not in html
    assert found_ids(superuser, LinkHold, waiting="yes") == [hold.pk]
    assert found_ids(superuser, LinkHold, q=str(alone.order_id)) == [alone.pk]


@pytest.mark.parametrize("key", [7, -7])
def test_a_hold_has_a_page(superuser, hold, key):
    LinkHold.objects.all().delete()
    LinkHold.objects.create(link_key=key, order=hold.order)
    assert LINK in read(superuser, page_of(LinkHold, "change", key))


def test_the_button_lets_the_next_one_go(superuser, hold):
    assert LINK in read(superuser, release_url(hold.order_id))
    assert LinkHold.objects.count() == 1
    words = [told(superuser.post(release_url(hold.order_id), {"act": "1"}, follow=True)) for _ in range(2)]
    assert LinkHold.objects.count() == 0
    assert words == [
        [f"The next order on the link of order #{hold.order_id} goes within a minute."],
        [f"Order #{hold.order_id} holds no link any more."],
    ]


def test_the_button_of_an_ended_order_frees_no_other_ones_link(superuser, hold):
    """The page was open while the link went from the one order to the next."""
    url = release_url(hold.order_id)
    later = Order.objects.filter(held_by=hold.order_id).first()
    LinkHold.objects.update(order=later)
    superuser.post(url, {"act": "1"})
    assert LinkHold.objects.get().order_id == later.pk


def test_who_may_only_look_frees_no_link(hold):
    viewer = enter_admin("orders.view_linkhold")
    assert release_url(hold.order_id) not in read(viewer, page_of(LinkHold))
    assert viewer.post(release_url(hold.order_id), {"act": "1"}).status_code == 403
    assert LinkHold.objects.count() == 1


def test_links_held_for_long_are_counted_on_the_front_page(superuser, hold):
    line = f'{page_of(LinkHold)}?waiting=reported"><strong><bdi>%s</bdi></strong>'
    before = line % 1 in read(superuser, reverse("admin:index"))
    LinkHold.objects.update(reported_at=Now())
    assert (before, line % 1 in read(superuser, reverse("admin:index"))) == (False, True)
    assert found_ids(superuser, LinkHold, waiting="reported") == [hold.pk]


def test_a_longer_list_of_holds_asks_no_more_queries(superuser, hold):
    few = count_queries(superuser, page_of(LinkHold))
    for key in range(4):
        LinkHold.objects.create(link_key=key, order=make_order(hold.order.service))
    assert count_queries(superuser, page_of(LinkHold)) == few
    assert len(found_ids(superuser, LinkHold)) == 5


def make_refill(status="pending", **fields):
    order = make_order(make_service(refill=True), status="completed")
    return Refill.objects.create(order=order, status=status, **fields)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"status": "rejected", "upstream_id": "5", "sent_at": Now()}, ("pending", "", False)),
        ({"status": "error"}, ("pending", "", False)),
        (
            {"status": "error", "upstream_id": "5", "sent_at": Now()},
            ("in_progress", "5", True),
        ),
        ({"status": "pending"}, ("pending", "", False)),
        (
            {"status": "in_progress", "upstream_id": "5", "sent_at": Now()},
            ("in_progress", "5", True),
        ),
    ],
)
def test_a_refill_is_asked_for_again(superuser, db, before, after):
    refill = make_refill(**before, tries=9, next_ask_at=None)
    answer = superuser.post(reverse("admin:orders_refill_ask_again", args=[refill.pk]), {"act": "1"})
    refill.refresh_from_db()
    assert answer.headers["Location"] == page_of(Refill, "change", refill.pk)
    assert (refill.status, refill.upstream_id, refill.sent_at is not None) == after
    assert (refill.tries, refill.next_ask_at is not None) == (0, True)


def test_a_refill_that_a_newer_one_replaces_or_that_is_completed_stays(superuser, db):
    refill = make_refill("error", next_ask_at=None)
    Refill.objects.create(order=refill.order)
    done = make_refill("completed", next_ask_at=None)
    for row in (refill, done):
        answer = superuser.post(reverse("admin:orders_refill_ask_again", args=[row.pk]), {"act": "1"})
        assert len(answer.context["blocks"][0]["form"].non_field_errors()) == 1
        row.refresh_from_db()
    assert (refill.status, done.status, refill.next_ask_at, done.next_ask_at) == (
        "error",
        "completed",
        None,
        None,
    )


@pytest.mark.django_db(transaction=True)
def test_asking_again_and_a_new_wish_at_once_open_one_refill(db):
    refill = make_refill("error", next_ask_at=None)
    order = refill.order
    results = run_together(lambda: ask_again(refill.pk), lambda: request_refill(order.customer_id, order.pk))
    assert [type(result) for result in results].count(OrderRefused) == 1
    assert Refill.objects.filter(order=order, status__in=Refill.OPEN).count() == 1


def test_refills_are_read_only(superuser, db):
    refill = make_refill()
    codes = [
        superuser.post(page_of(Refill, "add")).status_code,
        superuser.post(page_of(Refill, "change", refill.pk), {"status": "completed"}).status_code,
        superuser.post(page_of(Refill, "delete", refill.pk), {"post": "yes"}).status_code,
    ]
    assert (codes, found_ids(superuser, Refill)) == ([403, 403, 403], [refill.pk])


@pytest.mark.parametrize(
    ("kind", "text", "errors"),
    [
        ("link", "example.com", []),
        ("link", "https://example.com/user", []),
        ("link", "https://", ["text"]),
        ("link", "[bad", ["text"]),
        ("link", "example.com:port", ["text"]),
        ("link", "two words.com", ["text"]),
        ("word", "two words", []),
        ("word", " ", ["text"]),
    ],
)
def test_a_blocked_term_that_could_not_be_compared_is_refused(superuser, kind, text, errors):
    answer = superuser.post(page_of(BlockedTerm, "add"), {"kind": kind, "text": text, "note": ""})
    told_errors = list(answer.context["adminform"].form.errors) if answer.context else []
    assert (told_errors, BlockedTerm.objects.count()) == (errors, 0 if errors else 1)


def save_service(browser, service, **changes):
    """Send the service's form; returns the names of the fields with errors."""
    names = ("name", "description", "type", "kind", "link_format", "price", "min", "max", "pack_size")
    fields = {name: getattr(service, name) for name in (*names, "same_link", "route_choice")}
    fields |= {"category": service.category_id, "active": "on", "original_price": ""}
    fields |= {"link_hosts": "", "link_pattern": "", "link_example": "", "min_video_seconds": ""}
    fields |= {"routes-TOTAL_FORMS": "0", "routes-INITIAL_FORMS": "0"}
    answer = browser.post(page_of(Service, "change", service.pk), fields | changes)
    service.refresh_from_db()
    return list(answer.context["adminform"].form.errors) if answer.context else []


def test_a_link_rule_is_saved_as_orders_compare_it(superuser, db):
    service = make_service()
    changes = {
        "same_link": "refuse",
        "route_choice": "health",
        "link_hosts": "Instagram.com, instagr.am.",
        "link_pattern": "/(p|reel)/[^/]+",
        "link_example": "https://www.instagram.com/p/Cxyz/",
        "min_video_seconds": "120",
    }
    assert save_service(superuser, service, **changes) == []
    assert (service.same_link, service.route_choice, service.min_video_seconds) == ("refuse", "health", 120)
    assert service.link_hosts == ["instagram.com", "instagr.am"]
    assert (service.link_pattern, service.link_example) == (
        changes["link_pattern"],
        changes["link_example"],
    )


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"link_pattern": "/(p"}, ["link_pattern"]),
        ({"link_hosts": "https://instagram.com", "link_example": LINK}, ["link_hosts"]),
        ({"link_hosts": "instagram.com/p", "link_example": LINK}, ["link_hosts"]),
        ({"link_hosts": "instagram.com"}, ["link_example"]),
        ({"link_hosts": "instagram.com", "link_example": LINK}, ["link_example"]),
        ({"link_pattern": "/p/.+", "link_example": LINK}, ["link_example"]),
        ({"link_example": "no link"}, ["link_example"]),
        ({"same_link": "never"}, ["same_link"]),
    ],
)
def test_a_link_rule_that_would_refuse_its_own_example_is_refused(superuser, db, changes, errors):
    service = make_service()
    assert save_service(superuser, service, **changes) == errors
    assert (service.link_hosts, service.link_pattern, service.same_link) == ([], "", "allow")


def test_a_reason_of_a_pause_is_shown_and_not_edited(superuser, db):
    service = make_service(pause_reason="gone upstream")
    html = read(superuser, page_of(Service, "change", service.pk))
    assert ("gone upstream" in html, 'name="pause_reason"' in html) == (True, False)
    save_service(superuser, service, pause_reason="typed")
    assert service.pause_reason == "gone upstream"
