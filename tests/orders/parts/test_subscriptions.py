"""Subscriptions: an order for each new post; paid for at once, and the rest comes back."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from orders.lifecycle import settle_order
from orders.models import Order, Subscription, SubscriptionPost
from orders.parts.fetching import UNKNOWN_LIMIT, fetch_posts
from orders.parts.looking import look_at_plans
from orders.parts.posts import Post, PostsUnknown, UsernameUnknown
from orders.parts.subscriptions import NotNow, pause_subscription, resume_subscription
from orders.refusals import OrderRefused
from orders.services import CancelAnswer, cancel_order, place_order
from orders.tasks import handle_events
from panel.wallet.ledger import read_balance
from tests.factories import make_customer, make_service
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


class Source:
    """Tells the posts it was given, or raises what it was given."""

    def __init__(self):
        self.posts, self.trouble, self.asked = [], None, []

    def add(self, post_id, ago=0, link=None):
        created = datetime.fromtimestamp(int(time.time()), UTC) - timedelta(seconds=ago)
        self.posts.append(Post(post_id, link or f"https://example.com/p/{post_id}", created))

    def list_posts(self, username):
        self.asked.append(username)
        if self.trouble:
            raise self.trouble
        return list(self.posts)


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def customer():
    return make_customer(toman=10_000)


def place(customer, service=None, **values):
    """Five posts at up to 100 units each, 2,000 toman per 1,000: 1,000 toman, unless told otherwise."""
    service = service or make_service(type="subscriptions")
    values = {"username": "someone", "min": 100, "max": 100, "posts": 5} | values
    return place_order(customer.pk, "dashboard", service.pk, values).order_id


def refusal_of(work):
    with pytest.raises(OrderRefused) as refused:
        work()
    return refused.value.code.value, refused.value.field


def fetch(source, order_id=None):
    """The time of the next look at posts has come."""
    Subscription.objects.filter(next_fetch_at__isnull=False).update(next_fetch_at=timezone.now())
    fetch_posts(source)
    look_at_plans()


def end_parts(order_id, status="completed", **told):
    for part in Order.objects.filter(parent=order_id, settled_at=None):
        settle_order(part, status, **told)
    handle_events()
    look_at_plans()


def tell(order_id):
    order, plan = Order.objects.get(pk=order_id), Subscription.objects.get(pk=order_id)
    return order.status, plan.state, order.refunded


def parts_of(order_id):
    return list(Order.objects.filter(parent=order_id).order_by("id").values_list("link", flat=True))


def audit():
    call_command("audit_ledger", verbosity=0)


def test_it_is_paid_for_at_once(customer):
    order = Order.objects.get(pk=place(customer, min=50))
    assert (order.charge, order.quantity, order.forwarding, order.link) == (1000, 500, "parts", "someone")
    assert read_balance(customer.pk) == 9_000


def test_each_new_post_becomes_an_order_once(customer, source):
    order_id = place(customer)
    source.add("old", ago=500)
    source.add("a")
    fetch(source)
    source.add("b")
    fetch(source)
    fetch(source)
    assert parts_of(order_id) == ["https://example.com/p/a", "https://example.com/p/b"]
    assert set(Order.objects.filter(parent=order_id).values_list("quantity", "charge")) == {(100, 0)}
    assert set(source.asked) == {"someone"}


def test_units_lie_between_the_least_and_the_most(customer, source):
    order_id = place(customer, min=20, max=60, posts=80)
    for number in range(80):
        source.add(f"p{number}")
    fetch(source)
    units = set(Order.objects.filter(parent=order_id).values_list("quantity", flat=True))
    assert min(units) >= 20 and max(units) <= 60 and len(units) > 5


def test_old_posts_are_taken_when_asked_for_newest_first(customer, source):
    order_id = place(customer, old_posts=2)
    for number, ago in enumerate((5000, 4000, 3000)):
        source.add(f"p{number}", ago=ago)
    fetch(source)
    assert parts_of(order_id) == ["https://example.com/p/p1", "https://example.com/p/p2"]


def test_a_post_waits_for_its_delay(customer, source):
    order_id = place(customer, delay=10)
    source.add("a")
    fetch(source)
    assert parts_of(order_id) == []
    past = timezone.now() - timedelta(seconds=1)
    SubscriptionPost.objects.update(due_at=past)
    Subscription.objects.update(next_look_at=past)
    look_at_plans()
    assert parts_of(order_id) == ["https://example.com/p/a"]


def test_all_posts_done_at_fewer_units_than_paid_for(customer, source):
    order_id = place(customer, min=50, max=100, posts=2)
    source.add("a")
    source.add("b")
    source.add("c")
    fetch(source)
    end_parts(order_id)
    delivered = sum(Order.objects.filter(parent=order_id).values_list("quantity", flat=True))
    assert len(parts_of(order_id)) == 2
    assert tell(order_id) == ("completed", "completed", 400 * (200 - delivered) // 200)
    assert read_balance(customer.pk) == 10_000 - 400 + 400 * (200 - delivered) // 200
    audit()


def test_posts_that_fail_come_back(customer, source):
    order_id = place(customer, posts=2)
    source.add("a")
    fetch(source)
    end_parts(order_id, "error")
    source.add("b")
    fetch(source)
    end_parts(order_id)
    assert tell(order_id) == ("partial", "completed", 200)
    audit()


def test_it_expires_and_the_rest_comes_back(customer, source):
    tomorrow = timezone.localdate() + timedelta(days=1)
    order_id = place(customer, expiry=tomorrow.strftime("%d/%m/%Y").translate(PERSIAN))
    plan = Subscription.objects.get(pk=order_id)
    assert timezone.localtime(plan.expires_at).date() == tomorrow
    source.add("a")
    fetch(source)
    past = timezone.now() - timedelta(seconds=1)
    Subscription.objects.update(expires_at=past, next_look_at=past)
    look_at_plans()
    assert tell(order_id) == ("pending", "expired", 800)
    end_parts(order_id)
    assert tell(order_id) == ("partial", "expired", 800)
    assert Subscription.objects.get(pk=order_id).next_fetch_at is None
    audit()


def test_it_expires_without_a_post(customer):
    order_id = place(customer)
    past = timezone.now() - timedelta(seconds=1)
    Subscription.objects.update(expires_at=past, next_look_at=past)
    look_at_plans()
    assert tell(order_id) == ("canceled", "expired", 1000)


def test_canceling(customer, source):
    order_id = place(customer)
    source.add("a")
    fetch(source)
    Order.objects.filter(parent=order_id).update(forwarding="accepted")
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert tell(order_id) == ("pending", "canceled", 800)
    end_parts(order_id)
    assert tell(order_id) == ("partial", "canceled", 800)
    source.add("b")
    fetch(source)
    assert len(parts_of(order_id)) == 1
    audit()


def test_pausing_and_going_on(customer, source):
    order_id = place(customer)
    pause_subscription(customer.pk, order_id)
    with pytest.raises(NotNow):
        pause_subscription(customer.pk, order_id)
    source.add("meanwhile", ago=2)
    fetch(source)
    assert (source.asked, parts_of(order_id)) == ([], [])
    Subscription.objects.update(state="paused")
    resume_subscription(customer.pk, order_id)
    source.add("a")
    fetch(source)
    assert parts_of(order_id) == ["https://example.com/p/a"]


def test_a_stranger_may_not_pause_it(customer):
    order_id = place(customer)
    assert refusal_of(lambda: pause_subscription(make_customer().pk, order_id)) == ("order_unknown", "")


def test_an_ended_one_can_not_go_on(customer):
    order_id = place(customer)
    cancel_order(customer.pk, order_id)
    with pytest.raises(NotNow):
        resume_subscription(customer.pk, order_id)


def test_trouble_with_the_source_is_tried_again(customer, source):
    order_id = place(customer)
    source.trouble = PostsUnknown("timeout")
    fetch(source)
    plan = Subscription.objects.get(pk=order_id)
    assert (plan.state, plan.failures) == ("active", 1)
    assert plan.next_fetch_at > timezone.now()
    source.trouble = None
    source.add("a")
    fetch(source)
    assert (Subscription.objects.get(pk=order_id).failures, len(parts_of(order_id))) == (0, 1)


def test_an_unknown_username_pauses_it(customer, source):
    order_id = place(customer)
    source.trouble = UsernameUnknown()
    for _ in range(UNKNOWN_LIMIT + 1):
        fetch(source)
    assert tell(order_id) == ("pending", "paused", 0)
    assert len(source.asked) == UNKNOWN_LIMIT


def test_links_that_no_order_may_have_are_left_out(customer, source):
    order_id = place(customer, make_service(type="subscriptions", link_hosts=["example.com"]))
    for number, link in enumerate(("javascript:alert(1)", "http://127.0.0.1/x", "https://other.example/p")):
        source.add(f"bad{number}", link=link)
    source.add("a")
    fetch(source)
    assert parts_of(order_id) == ["https://example.com/p/a"]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"username": ""}, ("field_missing", "username")),
        ({"username": "a b"}, ("field_bad", "username")),
        ({"username": ["a"]}, ("field_bad", "username")),
        ({"min": None}, ("field_missing", "min")),
        ({"max": 99}, ("field_bad", "max")),
        ({"min": 5, "max": 100}, ("quantity_low", "min")),
        ({"max": 10_001}, ("quantity_high", "max")),
        ({"posts": 1001}, ("field_bad", "posts")),
        ({"old_posts": 6}, ("field_bad", "old_posts")),
        ({"delay": "x"}, ("field_bad", "delay")),
        ({"expiry": "31/02/2030"}, ("field_bad", "expiry")),
        ({"expiry": "01/01/2020"}, ("field_bad", "expiry")),
        ({"expiry": 5}, ("field_bad", "expiry")),
        ({"posts": 51}, ("funds", "")),
    ],
)
def test_bad_input_places_nothing(customer, values, refusal):
    assert refusal_of(lambda: place(customer, **values)) == refusal
    assert (Order.objects.count(), read_balance(customer.pk)) == (0, 10_000)


def test_without_a_number_of_posts_the_house_names_one(customer, settings):
    settings.SUBSCRIPTION_POSTS = 7
    assert Subscription.objects.get(pk=place(customer, posts="")).posts == 7


def test_many_workers_order_each_post_once(customer, source):
    order_id = place(customer, posts=50)
    for number in range(20):
        source.add(f"p{number}")
    run_together(*[lambda: fetch(source) for _ in range(6)])
    fetch(source)
    assert len(parts_of(order_id)) == len(set(parts_of(order_id))) == 20
    audit()


def test_canceling_while_posts_come_loses_no_toman(customer, source):
    for number in range(6):
        order_id = place(customer)
        source.add(f"p{number}")
        run_together(lambda: fetch(source), lambda pk=order_id: cancel_order(customer.pk, pk), look_at_plans)
        assert tell(order_id) == ("canceled", "canceled", 1000)
    assert read_balance(customer.pk) == 10_000
    audit()


def end_one(order_id, status, **told):
    """What polling does with the oldest open part; nobody has looked at the plan yet."""
    part = Order.objects.filter(parent=order_id, settled_at=None).earliest("id")
    settle_order(part, status, **told)


@pytest.mark.parametrize("remains", [70, 100])
def test_canceling_twice_gives_back_what_was_undone_in_between(customer, source, remains):
    order_id = place(customer, posts=4)
    for name in "abc":
        source.add(name)
    fetch(source)
    Order.objects.filter(parent=order_id).update(forwarding="accepted")
    cancel_order(customer.pk, order_id)
    assert (tell(order_id)[2], read_balance(customer.pk)) == (200, 9_400)
    end_one(order_id, "partial", remains=remains)
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert (tell(order_id)[2], read_balance(customer.pk)) == (200 + 2 * remains, 9_400 + 2 * remains)
    end_parts(order_id)
    assert tell(order_id) == ("partial", "canceled", 200 + 2 * remains)
    audit()


def test_canceling_after_it_expired(customer, source):
    order_id = place(customer)
    for name in "ab":
        source.add(name)
    fetch(source)
    Order.objects.filter(pk=Order.objects.filter(parent=order_id).earliest("id").pk).update(
        forwarding="accepted"
    )
    past = timezone.now() - timedelta(seconds=1)
    Subscription.objects.update(expires_at=past, next_look_at=past)
    look_at_plans()
    assert tell(order_id) == ("pending", "expired", 600)
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    assert (tell(order_id)[2], read_balance(customer.pk)) == (800, 9_800)
    end_parts(order_id)
    assert tell(order_id) == ("partial", "expired", 800)
    audit()


def test_a_part_that_comes_back_to_the_queue_ends_with_a_second_cancel(customer, source):
    service = make_service(type="subscriptions", cancel=False)
    order_id = place(customer, service)
    source.add("a")
    fetch(source)
    Order.objects.filter(parent=order_id).update(forwarding="sending")
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REQUESTED
    Order.objects.filter(parent=order_id).update(forwarding="queued")
    assert cancel_order(customer.pk, order_id) is CancelAnswer.REFUNDED
    assert tell(order_id) == ("canceled", "canceled", 1000)
    audit()


def test_a_source_that_makes_up_posts_is_kept_within_what_was_paid_for(customer, source):
    order_id = place(customer, delay=10)
    for look in range(3):
        source.posts = []
        for number in range(2_000):
            source.add(f"made-up-{look}-{number}")
        fetch(source)
    assert SubscriptionPost.objects.filter(subscription=order_id).count() == 5


def test_a_post_of_the_future_is_none_yet(customer, source):
    order_id = place(customer)
    for number in range(6):
        source.add(f"later{number}", ago=-3_600)
    source.add("a")
    fetch(source)
    assert parts_of(order_id) == ["https://example.com/p/a"]
    assert SubscriptionPost.objects.count() == 1
