"""Every form of the admin, found by a walk over its registry: nonsense breaks none, more fields change nothing."""

import itertools

import pytest
from django.contrib import admin
from django.db import transaction
from django.forms import MultiWidget
from django.test import Client
from django.urls import reverse

from orders.models import Service
from panel.accounts.models import Customer
from panel.staff.models import CustomerNote
from panel.staff.roles import CATALOGUE, FINANCE, OWNER, ROLES, SUPPORT, set_roles
from panel.support.announcements.models import Announcement
from panel.support.models import CannedAnswer
from providers.models import ImportRule, UpstreamListing
from sms.models import Gateway
from tests.attack.markup import find_injected
from tests.attack.possessions import MARK
from tests.attack.reading import find_fields
from tests.attack.test_nonsense import CONTROL, HALF, MIXED, STRINGS
from tests.factories import make_class, make_customer, make_provider, make_route
from tests.panel.admin_visits import page_of
from tests.panel.staff import doors
from tests.panel.staff.steps import enter_as
from tests.panel.staff.test_doors import fill, list_patterns

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
ODD = (MIXED, CONTROL, STRINGS["least"], STRINGS["float"], STRINGS["digits"], "")
# Written by the panel whenever a row is saved.
STAMPS = {"version", "changed", "updated", "updated_at", "changed_at"}
LETTERS = {"o": OWNER, "f": FINANCE, "s": SUPPORT, "c": CATALOGUE}
# Ends the session that looks, or is looked at with its own owner.
THEIRS = "/admin/django_celery_beat/"  # forms of beat's own, which superusers alone see
LEFT_OUT = {"staff_act", "auth_user_password_change"}


@pytest.fixture
def house(theirs):
    """Something of as much as can be changed by hand."""
    staff = make_customer(is_staff=True, is_superuser=True)
    provider = make_provider("http://127.0.0.1:9")
    service = Service.objects.get(pk=theirs["service_id"])
    make_route(service, provider)
    UpstreamListing.objects.create(provider=provider, upstream_service="1", name="x", category="x")
    ImportRule.objects.create(provider=provider, upstream_category="x", category=service.category)
    Gateway.objects.create(name="g", kind="rest", url="https://public.invalid", token="t")
    Announcement.objects.create(**dict.fromkeys(("title_fa", "title_en", "text_fa", "text_en"), "x"))
    CannedAnswer.objects.create(title="x", text_fa="x", text_en="x")
    CustomerNote.objects.create(customer=Customer.objects.get(first_name=MARK), author=staff, text="x")
    make_class()
    set_roles()
    return staff


@pytest.fixture
def browser(house):
    found = Client(raise_request_exception=False)
    found.force_login(house)
    found.cookies["language"] = "en"
    return found


def read_form(browser, path):
    """What a browser would send of the admin's form at `path`; {} where there is none to be sent."""
    answer = browser.get(path)
    context = answer.context if answer.status_code == 200 else None
    if context is None or "adminform" not in context:
        return {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for field in itertools.chain(*forms):
        widget, value = field.field.widget, field.value()
        if isinstance(widget, MultiWidget):
            sent |= {f"{field.html_name}_{part}": one for part, one in enumerate(widget.decompress(value))}
        else:
            sent[field.html_name] = "on" if value is True else value
    return {name: "" if value is None else value for name, value in sent.items() if value is not False}


def post(browser, path, data, *kind):
    """The answer, of which nothing stays."""
    with transaction.atomic():
        answer = browser.post(path, data, *kind)
        transaction.set_rollback(True)
    return answer


def attack(browser, path, whole):
    """What went wrong with the form, `whole` being what it takes: one field of it odd, then all of them alike."""
    fields = [
        name for name in whole if not name.endswith("_FORMS")
    ]  # how many rows there are is the page's own
    sent = [whole | {name: word} for name, word in zip(fields, itertools.cycle(ODD), strict=False)]
    half = b"&".join(name.encode() + b"=" + HALF for name in fields).decode()
    answers = [post(browser, path, data) for data in sent] + [post(browser, path, half, FORM)]
    mixed = post(browser, path, whole | dict.fromkeys(fields, MIXED))
    faults = [answer.status_code for answer in (*answers, mixed) if answer.status_code >= 500]
    return faults + find_injected(mixed)


def list_forms(browser):
    """`{path: what its form takes}` of one page of each model: of a row, or of a new one where there is none."""
    paths = []
    for model in admin.site._registry:
        row = model._base_manager.order_by("pk").first()
        paths.append(page_of(model, "change", row.pk) if row else page_of(model, "add"))
    found = {path: read_form(browser, path) for path in paths}
    return {path: whole for path, whole in found.items() if whole and not path.startswith(THEIRS)}


def test_nonsense_breaks_no_form_of_a_model(browser):
    forms = list_forms(browser)
    assert len(forms) > 25
    found = {path: attack(browser, path, whole) for path, whole in forms.items()}
    assert {path: faults for path, faults in found.items() if faults} == {}


def list_action_pages():
    """Paths of all other pages of the admin, of rows that are there where there are some."""
    models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
    paths = {}
    for name in sorted(set(doors.PAGES) - LEFT_OUT):
        values = fill(name)
        model = next((one for start, one in models.items() if name.startswith(f"{start}_")), None)
        row = model and model._base_manager.order_by("pk").first()
        slots = [slot for slot in list_patterns()[name].pattern.converters if slot.endswith("id")]
        if row and len(slots) == 1:
            values[slots[0]] = row.pk
        paths[name] = reverse(f"admin:{name}", kwargs=values)
    return paths


def test_nonsense_breaks_no_action(browser):
    found, read = {}, 0
    for name, path in list_action_pages().items():
        with transaction.atomic():
            fields = find_fields(browser, "post", path, {})
            transaction.set_rollback(True)
        read += bool(fields)
        found[name] = attack(browser, path, dict.fromkeys(sorted(fields), "1")) if fields else []
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert read > 15


def look_at(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def try_extra(browser, row, other):
    """(Whether the form was taken, which columns of the row changed, whether the other row did)."""
    path = page_of(type(row), "change", row.pk)
    whole = read_form(browser, path)
    if not whole:
        return False, [], False
    own = set(browser.get(path).context["adminform"].form.fields)
    columns = {name for field in row._meta.concrete_fields for name in (field.name, field.attname)}
    rights = {"is_superuser": "on", "is_staff": "on", "groups": "1", "user_permissions": "1", "balance": "9"}
    extra = dict.fromkeys(columns, "1") | rights | {"id": other.pk, "pk": other.pk}
    before, others = look_at(row), look_at(other)
    answer = browser.post(path, {name: word for name, word in extra.items() if name not in own} | whole)
    after = look_at(row)
    changed = sorted(name for name in before if name not in STAMPS and before[name] != after[name])
    return (
        answer.status_code == 302,
        [name for name in changed if name.removesuffix("_id") not in own],
        look_at(other) != others,
    )


def test_fields_beside_the_form_change_nothing(house):
    browsers = {letter: enter_as(role) for letter, role in LETTERS.items()}
    found, taken = {}, 0
    for label, model in ((model._meta.label_lower, model) for model in admin.site._registry):
        rows = list(model._base_manager.order_by("pk")[:2])
        for letter in doors.MODELS[label][2] if rows else "":
            with transaction.atomic():
                done, changed, others = try_extra(browsers[letter], rows[0], rows[-1])
                transaction.set_rollback(True)
            taken += done
            if changed or (others and rows[0] != rows[-1]):
                found[label, letter] = changed
    assert found == {}
    assert taken > 15


def test_no_role_makes_itself_or_another_more_than_it_is(house):
    other = make_customer()
    for role in (OWNER, *ROLES):
        browser = enter_as(role)
        for person in (browser.staff, other, house):
            path = page_of(Customer, "change", person.pk)
            before = look_at(person)
            sent = read_form(browser, path) or {"username": "taken-over"}
            groups = [str(pk) for pk in range(1, 9)]
            raised = {"is_superuser": "on", "is_staff": "on", "groups": groups, "user_permissions": groups}
            browser.post(path, sent | raised)
            after = look_at(person)
            names = ("is_superuser", "is_staff", "username")
            assert [after[name] for name in names] == [before[name] for name in names]
            assert person.user_permissions.count() == 0
            assert person.groups.count() == (person == browser.staff)
