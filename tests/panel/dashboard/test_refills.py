"""The refill button of an order's page, and the note of one that waits for its link."""

import pytest

from orders.models import Order, Refill
from orders.services import place_order
from tests.factories import make_service
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts


@pytest.fixture
def service(db):
    return make_service(refill=True)


@pytest.fixture
def order(customer, service):
    values = {"link": "https://instagram.com/p/abc", "quantity": "100"}
    placed = place_order(customer.pk, "dashboard", service.pk, values)
    Order.objects.filter(pk=placed.order_id).update(status="completed")
    return Order.objects.get(pk=placed.order_id)


def buttons(browser, order):
    page = browser.get(f"/orders/{order.pk}/")
    return len(find_all(page, "form", action=f"/orders/{order.pk}/refill/"))


def test_a_completed_order_is_refilled_from_its_page(browser, order):
    assert buttons(browser, order) == 1
    answer = browser.post(f"/orders/{order.pk}/refill/", follow=True)
    refill = Refill.objects.get()
    assert (refill.order_id, refill.status, answer.redirect_chain) == (
        order.pk,
        "pending",
        [(f"/orders/{order.pk}/", 302)],
    )
    assert f"Refill {refill.pk} is asked for." in answer.content.decode()
    assert f"Refill {refill.pk} requested" in read_texts(answer, "p")
    assert buttons(browser, order) == 0


def test_an_order_is_refilled_from_the_list_and_one_stays_there(browser, order):
    form = find_one(browser.get("/orders/?status=completed"), "form", action=f"/orders/{order.pk}/refill/")
    fields = {read_attributes(one).get("name"): read_attributes(one).get("value") for one in form.children}
    answer = browser.post(f"/orders/{order.pk}/refill/", {"next": fields["next"]})
    assert answer.headers["Location"] == "/orders/?status=completed"
    page = browser.get("/orders/?status=completed")
    assert find_all(page, "form", action=f"/orders/{order.pk}/refill/") == []


def test_the_story_tells_every_refill_to_its_end(browser, order):
    done = {"status": "completed", "sent_at": "2026-11-23T05:30:00Z", "created": "2026-11-23T05:00:00Z"}
    first = Refill.objects.create(order=order, **done)
    Refill.objects.filter(pk=first.pk).update(changed="2026-11-23T07:30:00Z")
    page = browser.get(f"/orders/{order.pk}/")
    steps = [read_text(step) for step in find_one(page, "ol", class_="timeline").children]
    assert steps[:3] == [
        f"Refill {first.pk} requested 2026/11/23 08:30",
        f"Refill {first.pk} in progress 2026/11/23 09:00 · 30 minutes later",
        f"Refill {first.pk} completed 2026/11/23 11:00 · 2 hours later",
    ]


def test_a_second_wish_is_refused_in_words(browser, order):
    Refill.objects.create(order=order)
    answer = browser.post(f"/orders/{order.pk}/refill/", follow=True)
    assert "when the order and its last refill have ended" in answer.content.decode()
    assert Refill.objects.count() == 1


def test_no_button_while_it_runs_or_for_a_service_without_refills(browser, order, service):
    Order.objects.filter(pk=order.pk).update(status="in_progress")
    assert buttons(browser, order) == 0
    Order.objects.filter(pk=order.pk).update(status="completed")
    type(service).objects.update(refill=False)
    assert buttons(browser, order) == 0


def test_nobody_refills_somebody_else_s_order(stranger, order):
    assert stranger.post(f"/orders/{order.pk}/refill/").status_code == 404
    assert not Refill.objects.exists()


def test_an_order_that_waits_for_its_link_says_so(browser, order):
    Order.objects.filter(pk=order.pk).update(status="pending", held_by=order.pk - 1)
    page = browser.get(f"/orders/{order.pk}/").content.decode()
    assert "It waits until another order for the same link ends" in page
