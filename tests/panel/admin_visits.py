"""Visiting the admin's pages in tests."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_customer


def enter_admin(*permissions, is_superuser=False):
    """A browser of a new member of staff, in English, with permissions as `app.codename`."""
    staff = make_customer(is_staff=True, is_superuser=is_superuser)
    for permission in permissions:
        app, codename = permission.split(".")
        staff.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    browser = Client(raise_request_exception=True)
    browser.force_login(staff)
    browser.cookies["language"] = "en"
    browser.staff = staff
    return browser


@pytest.fixture
def superuser(db):
    """A superuser's browser."""
    return enter_admin(is_superuser=True)


def page_of(model, page="changelist", *args):
    """The path of a model's admin page: changelist, add, change, delete, history."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def read(browser, path, **query):
    """The page's HTML; it has to be there."""
    response = browser.get(path, query)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def found_ids(browser, model, **query):
    """The ids of the rows that the list shows."""
    response = browser.get(page_of(model), query)
    return [row.pk for row in response.context["cl"].result_list]


def count_queries(browser, path):
    """How many statements the page takes."""
    with CaptureQueriesContext(connection) as queries:
        read(browser, path)
    return len(queries)


def told(response):
    """What the next page tells in its message bar."""
    return [str(message) for message in response.context["messages"]]
