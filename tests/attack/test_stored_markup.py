"""Markup in every text that is stored, wherever it came from, and then every page: none of it becomes an element.

Names and descriptions of services come from upstreams, links and notes from customers, titles from staff: instead of
asking which way each text came, all of them are overwritten in the tables.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from orders.models import Service
from panel.accounts.models import Customer
from panel.staff.models import CustomerNote
from panel.support.announcements.models import Announcement
from panel.support.models import CannedAnswer
from panel.support.tickets import answer_ticket
from providers.models import UpstreamListing
from tests.attack.addresses import list_pages
from tests.attack.markup import BREAKOUT, SCRIPT_LINK, TEMPLATE, find_injected
from tests.attack.possessions import MARK
from tests.factories import make_customer, make_provider, make_route

pytestmark = pytest.mark.django_db
TEXT = f"{SCRIPT_LINK}//{BREAKOUT}{TEMPLATE}"
# What decides how rows work, or is read as something else than a text for people.
KEPT_TABLES = {"django_content_type", "auth_permission", "auth_group", "django_migrations"}
KEPT_FIELDS = {
    "accounts_customer": {"password", "username", "language", "order_block"},
    "accounts_browsersession": {"data", "how"},
    "accounts_apitoken": {"contract", "use"},
    "jobs_job": {"kind"},
    "orders_orderevent": {"kind"},
    "wallet_transfer": {"key", "reference", "kind"},  # append-only
    "orders_service": {"kind", "type"},
    "campaigns_campaign": {
        "target_url"
    },  # an address of the provider alone (tests/campaigns/test_targets.py)
    # Written through nh3 alone (tests/panel/support/test_safe_html.py) and shown as the HTML that it left.
    "support_ticket": {"description"},
    "support_ticketmessage": {"message"},
}
# Pages that end the session that looks, or are no pages.
LEFT_OUT = {"logout"}


@pytest.fixture
def house(theirs):
    """The victim's things, and what staff and upstreams write."""
    staff = make_customer(is_staff=True, is_superuser=True)
    answer_ticket(staff, theirs["ticket_id"], TEXT)
    provider = make_provider("http://127.0.0.1:9")
    make_route(Service.objects.get(pk=theirs["service_id"]), provider)
    UpstreamListing.objects.create(provider=provider, upstream_service="1", name="x", category="x")
    words = dict.fromkeys(("title_fa", "title_en", "text_fa", "text_en"), "x")
    announcement = Announcement.objects.create(**words)
    CannedAnswer.objects.create(title="x", text_fa="x", text_en="x")
    customer = Customer.objects.get(first_name=MARK)
    CustomerNote.objects.create(customer=customer, author=staff, text="x", pinned=True)
    spoiled = sum(spoil(model) for model in apps.get_models() if model._meta.db_table not in KEPT_TABLES)
    assert spoiled > 60
    return {"customer": customer, "staff": staff, "slots": theirs | {"announcement_id": announcement.pk}}


def spoil(model):
    """Write TEXT into every column of free text; returns how many columns took it."""
    kept = KEPT_FIELDS.get(model._meta.db_table, ())
    done = 0
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.CharField | models.TextField) and not field.choices
        if not free or field.unique or field.primary_key or field.name in kept:
            continue
        try:
            with transaction.atomic():
                done += bool(model._base_manager.update(**{field.name: TEXT[: field.max_length]}))
        except DatabaseError:  # a constraint: this text can't be there at all
            continue
    return done


def enter(person):
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    browser.cookies["language"] = "en"
    return browser


def look(browser, paths):
    """`{path: what is wrong}`: injected markup, or a page that broke."""
    faults = {}
    for path in paths:
        answer = browser.get(path)
        found = find_injected(answer) + ([answer.status_code] if answer.status_code >= 500 else [])
        if found:
            faults[path] = found
    return faults


def list_shown(texts):
    return [page.fill(texts) for page in list_pages() if page.name not in LEFT_OUT]


@pytest.mark.parametrize("who", ["customer", "visitor"])
def test_no_page_of_customers_and_visitors_shows_it_as_markup(house, who):
    browser = enter(house["customer"]) if who == "customer" else Client(raise_request_exception=False)
    assert look(browser, list_shown(house["slots"])) == {}


def test_no_page_of_the_admin_shows_it_as_markup(house):
    browser = enter(house["staff"])
    paths = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.first()
        paths.append(reverse(f"{name}_changelist"))
        if row is not None:
            paths.append(reverse(f"{name}_change", args=[row.pk]))
    paths.append(reverse("admin:accounts_customer_change", args=[house["customer"].pk]))
    assert look(browser, paths) == {}


def test_the_text_is_on_the_pages(house):
    """Otherwise the tests above would look at pages without it."""
    page = enter(house["customer"]).get(f"/tickets/{house['slots']['ticket_id']}/").content.decode()
    assert "attack-element" in page
