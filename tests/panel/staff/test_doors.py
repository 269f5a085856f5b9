"""Each role tries every page and every action of the admin: who gets in stands in doors.py."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import URLPattern, get_resolver, reverse

from panel.staff.roles import CATALOGUE, FINANCE, OWNER, ROLES, SUPPORT, list_rights
from tests.panel.staff import doors
from tests.panel.staff.steps import enter_as

pytestmark = pytest.mark.django_db
LETTERS = {OWNER: "o", FINANCE: "f", SUPPORT: "s", CATALOGUE: "c"}
STANDARD = ("changelist", "add", "change", "delete", "history")
NOBODY = 999_999_999  # no row has this id: rights are looked at before rows
NO_JOB = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def browsers():
    """A browser for each role."""
    return {letter: enter_as(role) for role, letter in LETTERS.items()}


def models():
    """`{label: ModelAdmin}` of all that is in the admin."""
    return {model._meta.label_lower: each for model, each in admin.site._registry.items()}


def list_patterns():
    """`{name: pattern}` of all of the admin's URLs that have names."""
    resolver = get_resolver().namespace_dict["admin"][1]
    found, waiting = {}, list(resolver.url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            found |= {one.name: one} if one.name else {}
        else:
            waiting += one.url_patterns
    return found


def standard_names():
    return {f"{label.replace('.', '_')}_{page}" for label in models() for page in STANDARD}


def id_for(label):
    return NO_JOB if label in ("jobs.job", "support.notification") else NOBODY


def gets_in(response):
    """Whether the page was opened: an unknown row leads elsewhere or is not found, a refusal is a 403."""
    return response.status_code != 403


def opened_by(browsers, path, method="get", data=None):
    """The letters of those who get in."""
    send = {letter: getattr(browser, method) for letter, browser in browsers.items()}
    return "".join(letter for letter in "ofsc" if gets_in(send[letter](path, data or {})))


def fill(name):
    """Arguments for the URL of that name."""
    samples = {"event": "order_completed", "language": "fa", "id": str(NOBODY)}
    return {key: samples.get(key, NOBODY) for key in list_patterns()[name].pattern.converters}


def page(label, name, *args):
    return reverse(f"admin:{label.replace('.', '_')}_{name}", args=args)


def test_every_model_has_its_line_and_every_line_its_model():
    assert sorted(doors.MODELS) == sorted(models())


def test_every_other_page_has_its_line():
    names = set(list_patterns()) - standard_names()
    assert sorted(names) == sorted({*doors.PAGES, *doors.FOR_ALL})


def test_models_open_to_those_who_may(browsers):
    found = {}
    for label in doors.MODELS:
        key = id_for(label)
        found[label] = (
            opened_by(browsers, page(label, "changelist")),
            opened_by(browsers, page(label, "add")),
            opened_by(browsers, page(label, "change", key), "post"),
            opened_by(browsers, page(label, "delete", key), "post"),
        )
    assert found == doors.MODELS


def test_who_sees_a_list_sees_its_rows_and_nobody_else_does(browsers):
    found = {label: opened_by(browsers, page(label, "change", id_for(label))) for label in doors.MODELS}
    own = {"jobs.job": "ofsc"}  # everybody sees what they started themselves; any other is not found
    assert found == {label: views for label, (views, *_rest) in doors.MODELS.items()} | own


@pytest.mark.parametrize("method", ["get", "post"])
def test_other_pages_open_to_those_who_may(browsers, method):
    found = {}
    asked = [name for name in doors.PAGES if method == "post" or name not in doors.POST_ONLY]
    for name in asked:
        found[name] = opened_by(browsers, reverse(f"admin:{name}", kwargs=fill(name)), method)
    assert found == {name: doors.PAGES[name] for name in asked}


def test_every_action_on_several_rows_has_its_line(browsers, rf):
    found = {}
    for label, model_admin in models().items():
        for letter, browser in browsers.items():
            request = rf.get("/")
            request.user = browser.staff
            shown = model_admin.has_view_or_change_permission(request)
            for name in model_admin.get_actions(request) if shown else ():
                found[f"{label}.{name}"] = found.get(f"{label}.{name}", "") + letter
    assert found == doors.ACTIONS


def test_a_visitor_gets_in_nowhere(client):
    for name in (*doors.PAGES, "index"):
        answer = client.get(reverse(f"admin:{name}", kwargs=fill(name)))
        assert (name, answer.status_code, answer["Location"].partition("?")[0]) == (
            name,
            302,
            "/admin/login/",
        )


def test_every_right_in_the_table_of_roles_is_there():
    rows = Permission.objects.select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}" for row in rows}
    for role in ROLES:
        assert set(list_rights(role)) - known == set()
