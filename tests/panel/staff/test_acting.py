"""Acting as a customer: who may, what it shows, and every way in which it ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from panel.accounts.models import Customer
from panel.staff.acting import SESSION_KEY, ActingRefused, start_acting
from panel.staff.models import Acting
from panel.staff.roles import CATALOGUE, FINANCE, OWNER, SUPPORT
from tests.factories import make_customer
from tests.panel.staff.steps import act_as, enter_as, written

pytestmark = pytest.mark.django_db
HOME, END, OWN = "/", "/acting/end/", "/orders/"


@pytest.fixture
def customer():
    return make_customer(toman=70_000, first_name="Sara", username="sara")


@pytest.fixture
def support():
    return enter_as(SUPPORT, username="helper")


def acts(browser):
    """Whether the browser's session still names an Acting that lives."""
    key = browser.session.get(SESSION_KEY)
    return Acting.objects.filter(pk=key, ended_at=None).exists()


def test_support_sees_the_panel_as_the_customer_with_a_banner(support, customer):
    response = act_as(support, customer)
    assert (response.status_code, response["Location"]) == (302, HOME)
    page = support.get(HOME)
    assert page.context["user"] == customer
    text = page.content.decode()
    assert "70,000" in text
    assert "you act as <bdi>Sara</bdi>" in text
    assert f'action="{END}"' in text


def test_the_admin_stays_the_staffs_own(support, customer):
    act_as(support, customer)
    page = support.get(reverse("admin:index"))
    assert (page.status_code, page.context["user"]) == (200, support.staff)


def test_the_customer_in_their_own_browser_sees_no_banner(support, customer):
    act_as(support, customer)
    own = Client()
    own.force_login(customer)
    assert "acting" not in own.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(OWNER, 302), (SUPPORT, 302), (FINANCE, 403), (CATALOGUE, 403), (None, 403)]
)
def test_only_roles_with_the_right_may_act(role, status, customer):
    browser = enter_as(role)
    assert act_as(browser, customer).status_code == status
    assert acts(browser) is (status == 302)


def test_a_customer_may_not_act_even_with_the_right_in_hand(customer):
    other = make_customer()
    browser = Client()
    browser.force_login(other)
    assert act_as(browser, customer).status_code == 302  # to the admin's login
    assert (acts(browser), Acting.objects.count()) == (False, 0)


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}])
def test_nobody_acts_as_staff_or_superusers(fields):
    target, owner = make_customer(**fields), enter_as(OWNER)
    response = act_as(owner, target)
    assert response.status_code == 200
    assert "Nobody acts as staff" in response.content.decode()
    assert Acting.objects.count() == 0


def test_a_superuser_does_not_act_as_staff_either():
    target, browser = make_customer(is_staff=True), enter_as(is_superuser=True)
    act_as(browser, target)
    assert Acting.objects.count() == 0


def test_a_reason_is_needed(support, customer):
    for reason in ("", "   "):
        assert act_as(support, customer, reason=reason).status_code == 200
    assert Acting.objects.count() == 0


def test_acting_within_acting_is_refused(support, customer):
    other = make_customer()
    act_as(support, customer)
    response = act_as(support, other)
    assert "You act as a customer already" in response.content.decode()
    assert support.get(HOME).context["user"] == customer


def test_the_engine_refuses_too_what_the_page_would(rf, customer):
    request = rf.post("/")
    request.session, request.user = support_session(), make_customer(is_staff=True)
    with pytest.raises(ActingRefused, match="right"):
        start_acting(request, customer, "because")


def support_session():
    return Client().session


def test_beginning_and_ending_change_the_sessions_key(support, customer):
    keys = [support.session.session_key]
    act_as(support, customer)
    keys.append(support.session.session_key)
    support.post(END)
    keys.append(support.session.session_key)
    assert len(set(keys)) == 3
    old = Client()
    old.cookies["sessionid"] = keys[1]
    assert old.get(OWN).status_code == 302  # the login page: a key known before is worth nothing


def test_ending_leads_back_to_the_customers_page(support, customer):
    act_as(support, customer)
    response = support.post(END, {"next": "https://evil.example/"})
    assert response["Location"] == reverse("admin:accounts_customer_change", args=[customer.pk])
    assert (acts(support), support.get(HOME).context["user"]) == (False, support.staff)


def test_ending_needs_a_post(support, customer):
    act_as(support, customer)
    assert support.get(END).status_code == 405
    assert acts(support) is True


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_beginning_redirects_nowhere_else(support, customer, target):
    url = reverse("admin:staff_act", args=[customer.pk])
    answer = support.post(f"{url}?next={target}", {"act": "1", "reason": "x", "next": target})
    assert answer["Location"] == HOME


def test_neither_form_works_without_the_csrf_token(customer):
    browser = enter_as(SUPPORT, csrf=True)
    assert act_as(browser, customer).status_code == 403
    assert Acting.objects.count() == 0
    session = browser.session
    row = Acting.objects.create(staff=browser.staff, customer=customer, reason="x", until=soon())
    session[SESSION_KEY] = row.pk
    session.save()
    before = written("action")
    assert browser.post(END).status_code == 403
    assert browser.post("/tickets/new/", {"subject": "x", "message": "y"}).status_code == 403
    assert (acts(browser), written("action")) == (True, before)


def soon():
    return timezone.now() + timedelta(minutes=5)


def test_it_ends_after_thirty_minutes_however_busy(support, customer):
    act_as(support, customer)
    row = Acting.objects.get()
    assert timedelta(minutes=29) < row.until - timezone.now() <= timedelta(minutes=30)
    support.get(HOME)
    row.refresh_from_db()
    assert row.until - row.created <= timedelta(minutes=30, seconds=5)
    Acting.objects.update(until=timezone.now())
    assert support.get(HOME)["Location"] == reverse("admin:index")
    assert (acts(support), SESSION_KEY in support.session) == (False, False)


def lose_right(staff, customer):
    staff.groups.clear()


def lose_staff(staff, customer):
    Customer.objects.filter(pk=staff.pk).update(is_staff=False)


def lose_account(staff, customer):
    Customer.objects.filter(pk=staff.pk).update(is_active=False)


def promote(staff, customer):
    Customer.objects.filter(pk=customer.pk).update(is_staff=True)


def change_password(staff, customer):
    staff.set_password("another one 1")
    staff.save()


def end_elsewhere(staff, customer):
    Acting.objects.update(ended_at=timezone.now())


@pytest.mark.parametrize(
    "lose", [lose_right, lose_staff, lose_account, promote, change_password, end_elsewhere]
)
def test_it_ends_on_the_next_request_when_its_ground_is_gone(support, customer, lose):
    act_as(support, customer)
    lose(support.staff, customer)
    response = support.post("/tickets/new/", {"subject": "Help", "message": "please"})
    assert response.status_code == 302
    assert (customer.tickets.count(), support.staff.tickets.count()) == (0, 0)
    page = support.get(HOME)
    assert page.status_code == 302 or page.context["user"] != customer


def test_a_session_of_another_member_of_staff_gets_nothing_from_the_row(support, customer):
    act_as(support, customer)
    other = enter_as(SUPPORT)
    session = other.session
    session[SESSION_KEY] = Acting.objects.get().pk
    session.save()
    assert other.get(OWN).status_code == 302
    assert other.get(HOME).context["user"] == other.staff


def test_an_older_copy_of_the_session_does_not_bring_it_back(support, customer):
    act_as(support, customer)
    key = support.session[SESSION_KEY]
    support.post(END)
    session = support.session
    session[SESSION_KEY] = key
    session.save()
    assert support.get(OWN).status_code == 302
    assert support.get(HOME).context["user"] == support.staff


@pytest.mark.parametrize("path", ["/logout/", "/admin/logout/"])
def test_logging_out_ends_it_and_the_staffs_login(support, customer, path):
    act_as(support, customer)
    support.post(path)
    assert Acting.objects.get().ended_at is not None
    assert support.get(OWN).status_code == 302
    assert written("action", "staff_name")[-2:] == [("act_end", "helper"), ("logout", "helper")]


def test_the_customers_login_is_not_touched(support, customer):
    act_as(support, customer)
    support.get(HOME)
    customer.refresh_from_db()
    assert customer.last_login is None


def test_of_a_locked_customer_everything_is_only_looked_at(support):
    locked = make_customer(is_active=False)
    act_as(support, locked)
    page = support.get(HOME)
    assert (page.status_code, "This customer is locked" in page.content.decode()) == (200, True)
    answer = support.post("/tickets/new/", {"subject": "Help", "message": "please"})
    assert (answer.status_code, locked.tickets.count()) == (403, 0)
    assert support.post(END).status_code == 302


def test_a_page_while_acting_takes_at_most_twelve_queries(support, customer, django_assert_max_num_queries):
    act_as(support, customer)
    with django_assert_max_num_queries(12):
        support.get("/orders/")
