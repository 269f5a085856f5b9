"""The admin of patterns: staff decide, and never change what a customer wrote."""

import pytest

from sms.models import Gateway, Pattern
from sms.patterns import approve_pattern, create_pattern
from tests.factories import make_customer
from tests.panel.admin_visits import count_queries, enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db

BODY = "code {code}"


@pytest.fixture
def pattern():
    return create_pattern(make_customer().pk, "login", BODY)


def act(browser, pattern, page, **data):
    """Send the form of a page of one pattern."""
    return browser.post(f"/admin/sms/pattern/{pattern.pk}/{page}/", {"act": "1"} | data, follow=True)


def state_of(pattern):
    pattern.refresh_from_db()
    return pattern.state, pattern.reason


def test_the_front_page_counts_those_that_wait(superuser, pattern):
    approve_pattern(create_pattern(make_customer().pk, "other", BODY).pk)
    link = f'<a href="{page_of(Pattern)}?state__exact=pending"><strong><bdi>1</bdi></strong> SMS patterns that wait'
    assert link in read(superuser, "/admin/")
    assert found_ids(superuser, Pattern, state__exact="pending") == [pattern.pk]


def test_a_pattern_is_approved_with_its_text_before_ones_eyes(superuser, pattern):
    assert BODY in read(superuser, f"/admin/sms/pattern/{pattern.pk}/approve/")
    assert told(act(superuser, pattern, "approve")) == ["The customer can send it now."]
    assert state_of(pattern) == ("approved", "")
    assert told(act(superuser, pattern, "approve")) == ["It is approved already."]


def test_a_pattern_is_rejected_with_a_reason(superuser, pattern):
    response = act(superuser, pattern, "reject", reason=" ")
    assert (response.context["blocks"][0]["form"].errors, state_of(pattern)) == (
        {"reason": ["This field is required."]},
        ("pending", ""),
    )
    assert told(act(superuser, pattern, "reject", reason="a link")) == [
        "The customer can't send it, and reads why."
    ]
    assert state_of(pattern) == ("rejected", "a link")
    assert told(act(superuser, pattern, "reject", reason="again")) == ["It is rejected already."]


def test_buttons_are_those_that_change_something(superuser, pattern):
    def buttons():
        html = read(superuser, page_of(Pattern, "change", pattern.pk))
        return [f"/admin/sms/pattern/{pattern.pk}/{page}/" in html for page in ("approve", "reject")]

    assert buttons() == [True, True]
    approve_pattern(pattern.pk)
    assert buttons() == [False, True]


def test_only_the_pattern_of_a_gateway_is_edited(superuser, pattern):
    gateway = Gateway.objects.create(name="main", kind="rest", url="https://sms.example/api", sender="3000")
    approve_pattern(pattern.pk)
    data = {
        "gateway": gateway.pk,
        "gateway_pattern": "77",
        "body": "other",
        "state": "rejected",
        "title": "other",
    }
    superuser.post(page_of(Pattern, "change", pattern.pk), data)
    pattern.refresh_from_db()
    assert (pattern.gateway_id, pattern.gateway_pattern) == (gateway.pk, "77")
    assert (pattern.title, pattern.body, pattern.state) == ("login", BODY, "approved")
    paths = [page_of(Pattern, "add"), page_of(Pattern, "delete", pattern.pk)]
    assert [superuser.post(path, {"post": "yes"}).status_code for path in paths] == [403, 403]


def test_who_may_only_look_decides_nothing(pattern):
    browser = enter_admin("sms.view_pattern")
    assert [act(browser, pattern, page, reason="x").status_code for page in ("approve", "reject")] == [
        403,
        403,
    ]
    assert state_of(pattern) == ("pending", "")


def test_the_list_takes_as_many_statements_for_many_rows_as_for_few(superuser, pattern):
    read(superuser, page_of(Pattern))  # what is looked up once for each process
    few = count_queries(superuser, page_of(Pattern))
    for number in range(5):
        create_pattern(make_customer().pk, f"title {number}", BODY)
    assert count_queries(superuser, page_of(Pattern)) == few
