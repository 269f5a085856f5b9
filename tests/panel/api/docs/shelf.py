"""What the documents' examples speak of, for one customer: services 1 to 7, orders from 23501 on, ticket 19 …"""

from django.db import connection

from orders.lifecycle import settle_order
from orders.models import Category, Order, Refill, Service
from orders.services import OrderRequest, place_order
from orders.stats import sum_days
from orders.trials import place_trial
from panel.api.docs.sms_rest_calls import LINE
from panel.support.models import Notification, Ticket, TicketMessage
from sms.models import Package, Pattern, Phonebook, PhonebookNumber, SenderLine
from tests.factories import make_customer

LINK = "https://www.instagram.com/p/abc"
# What each service of the examples is: id → (kind, type).
SERVICES = {
    1: ("like", "default"),
    3: ("comment", "custom_comments"),
    4: ("watch_time", "watch_time"),
    5: ("follower", "package"),
    6: ("follower_pro", "package"),
    7: ("ads", "ads"),
}
# The next ids of tables; what the examples name by a number of ours comes before 101.
FIRST_ROWS = {
    "orders_category": 101,
    "orders_service": 101,
    "orders_order": 23501,
    "orders_refill": 1,
    "orders_trialorder": 23501,
    "rewards_gift": 1,
    "rewards_giftgrant": 1,
    "support_ticket": 19,
}


def fill_orders(customer):
    """The services; five orders, of which three are completed; a trial order; refill 1."""
    category = Category.objects.create(id=1, name="Instagram")
    for number, (kind, type_) in SERVICES.items():
        Service.objects.create(
            id=number,
            name="Likes",
            category=category,
            kind=kind,
            type=type_,
            price=2000,
            min=1,
            max=10_000,
            refill=True,
            cancel=True,
            same_link="allow",
        )
    with connection.cursor() as cursor:
        for table, first in FIRST_ROWS.items():
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")
    wanted = {"link": LINK, "quantity": 100}
    for _ in range(5):
        place_order(customer.pk, "dashboard", 1, wanted)
    place_trial(customer.pk, OrderRequest(1, wanted))
    for number in (23502, 23503, 23504):
        settle_order(Order.objects.get(pk=number), Order.Status.COMPLETED)
    Refill.objects.create(order_id=23502, status=Refill.Status.COMPLETED)
    sum_days()


def fill_texts(customer):
    """A number to send from, pattern 3, phonebooks 7 and 9."""
    Package.objects.create(name="basic", persian_price=10, latin_price=5, is_default=True)
    SenderLine.objects.create(number=LINE, advertising=False)
    Pattern.objects.create(id=3, customer=customer, title="code", body="Code {code}", state="approved")
    for number, name in ((7, "friends"), (9, "others")):
        book = Phonebook.objects.create(id=number, customer=customer, name=name)
        PhonebookNumber.objects.create(book=book, number="+989121111111")


def fill_talk(customer):
    """Ticket 19 with an answer, and notifications, one of them read."""
    ticket = Ticket.objects.create(customer=customer, subject="My order", description="It is late.")
    TicketMessage.objects.create(ticket=ticket, author=make_customer(is_staff=True), message="Thank you.")
    for read_at in (None, ticket.created):
        key = f"test:{read_at}"
        Notification.objects.create(
            customer=customer, kind="order", message="Done.", key=key, read_at=read_at
        )
