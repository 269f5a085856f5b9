"""Staff with roles, and acting as a customer, as tests need them."""

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from panel.staff.models import StaffAction
from panel.staff.roles import set_roles
from tests.factories import make_customer


def enter_as(role=None, *, csrf=False, **fields):
    """A browser, in English, of a new member of staff with that role (None: no rights)."""
    if role and not Group.objects.filter(name=role).exists():
        set_roles()
    staff = make_customer(is_staff=True, **fields)
    if role:
        staff.groups.add(Group.objects.get(name=role))
    browser = Client(enforce_csrf_checks=csrf)
    browser.force_login(staff)
    browser.cookies["language"] = "en"
    browser.staff = staff
    return browser


def act_as(browser, customer, reason="asked for help", **extra):
    """Send the form that begins to act; returns the answer."""
    url = reverse("admin:staff_act", args=[customer.pk])
    return browser.post(url, {"act": "1", "reason": reason}, **extra)


def written(*fields, **lookups):
    """The log's rows, oldest first, as tuples of `fields`."""
    return list(StaffAction.objects.filter(**lookups).order_by("id").values_list(*fields))


def fill_form(browser, path, **typed):
    """What a browser would send of the admin's form at `path`, with some fields `typed` anew."""
    context = browser.get(path).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    shown = {name: "on" if value is True else value for name, value in values.items()}
    return {
        name: value for name, value in (shown | typed).items() if value is not None and value is not False
    }
