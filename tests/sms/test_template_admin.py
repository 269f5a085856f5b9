"""The admin of templates: all events are listed, texts that can't be filled are refused, previews tell the price."""

import pytest

from sms.events import EVENTS
from sms.models import Gateway, Template
from tests.panel.admin_visits import count_queries, enter_admin, page_of, read
from tests.panel.admin_visits import superuser as superuser
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_text, read_texts

pytestmark = pytest.mark.django_db
ADD = "/admin/sms/template/add/?event=order_partial&language=en"
PREVIEW = "/admin/sms/template/preview/order_partial/en/"
FORM = {"event": "order_partial", "language": "en", "body": "Order {id}: {refund} back", "active": "on"}
DEFAULT = "Your order {id} was done in part. {refund} toman are back in your wallet."


def make_template(**fields):
    return Template.objects.create(**{name: FORM[name] for name in ("event", "language", "body")} | fields)


def make_gateway(**fields):
    values = {
        "name": "Main",
        "kind": "rest",
        "url": "https://sms.example",
        "sender": "3000",
        "part_cost": 120,
    }
    return Gateway.objects.create(**values | fields)


def faults(response):
    return {name: list(words) for name, words in response.context["adminform"].form.errors.items()}


def ask(browser, body, address=PREVIEW):
    return browser.post(address, {"body": body})


def facts(response):
    return read_texts(response, "dd")


def list_lines(browser):
    """The cells of the list; the admin's menu is a table as well."""
    return [row for row in read_rows(browser.get(page_of(Template))) if len(row) == 5]


def line_of(browser, event="order_partial", language="en"):
    """The text, origin, parts and cost in the list."""
    return list_lines(browser)[list(EVENTS).index(event) * 2 + ("fa", "en").index(language)][1:]


def test_the_list_shows_every_event_in_both_languages_and_what_replaces_it(superuser):
    make_gateway()
    assert len(list_lines(superuser)) == 2 * len(EVENTS)
    assert line_of(superuser) == [DEFAULT, "the panel's", "1", "120"]
    row = make_template(body="س" * 70 + "{id}")
    assert line_of(superuser) == ["س" * 70 + "{id}", "yours", "2", "240"]
    Template.objects.update(gateway=Gateway.objects.get(), gateway_pattern="77")
    assert line_of(superuser)[1] == "yours, as a pattern"
    Template.objects.update(active=False)
    assert line_of(superuser)[:2] == [DEFAULT, "the panel's; yours is off"]
    links = [read_attributes(one)["href"] for one in find_all(superuser.get(page_of(Template)), "a")]
    assert page_of(Template, "change", row.pk) in links
    assert "/admin/sms/template/add/?event=order_partial&language=fa" in links


def test_the_list_takes_as_many_statements_for_many_templates_as_for_none(superuser):
    read(superuser, page_of(Template))
    none = count_queries(superuser, page_of(Template))
    for event in EVENTS:
        make_template(event=event, body="{code}" if event.startswith("code") else "x")
    assert count_queries(superuser, page_of(Template)) == none


def test_writing_begins_with_the_panel_s_text_and_lists_the_variables(superuser):
    page = superuser.get(ADD)
    assert read_text(find_one(page, "textarea")) == DEFAULT
    assert read_texts(page, "code") == ["{id}", "{refund}"]
    assert "12,500" in read_texts(page, "span", class_="variable")[1]
    assert read_texts(page, "p", class_="sms") == [
        "Your order 8412 was done in part. 12,500 toman are back in your wallet."
    ]
    answer = superuser.post(ADD, FORM)
    row = Template.objects.get()
    assert (answer.status_code, row.event, row.language, row.body, row.active) == (
        302,
        "order_partial",
        "en",
        FORM["body"],
        True,
    )


def test_an_event_that_has_a_template_leads_to_it_and_no_event_to_the_list(superuser):
    row = make_template()
    addresses = [ADD, "/admin/sms/template/add/", "/admin/sms/template/add/?event=x&language=en"]
    assert [superuser.get(address).headers["Location"] for address in addresses] == [
        page_of(Template, "change", row.pk),
        page_of(Template),
        page_of(Template),
    ]
    assert superuser.post(ADD, FORM).status_code == 200
    assert Template.objects.get() == row


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{price}", "There is no variable {price} here."),
        ("{id", "A brace belongs to no variable: they are written as {name}."),
        ("{id!r}", "A brace belongs to no variable: they are written as {name}."),
    ],
)
def test_a_text_that_can_t_be_filled_is_refused_and_kept_in_the_form(superuser, body, words):
    answer = superuser.post(ADD, FORM | {"body": body})
    assert faults(answer) == {"body": [words]}
    assert read_text(find_one(answer, "textarea")) == body
    assert words in read_texts(answer, "p", class_="errornote")
    assert Template.objects.count() == 0


def test_the_text_of_a_code_holds_the_code(superuser):
    answer = superuser.post(ADD, FORM | {"event": "code_login", "body": "Welcome"})
    assert faults(answer) == {"body": ["The text has to hold {code}."]}


def test_a_pattern_and_its_gateway_go_together(superuser):
    gateway = make_gateway()
    for half in ({"gateway": gateway.pk}, {"gateway_pattern": "77"}):
        assert list(faults(superuser.post(ADD, FORM | half))) == ["gateway_pattern"]
    superuser.post(ADD, FORM | {"gateway": gateway.pk, "gateway_pattern": "77"})
    assert (Template.objects.get().gateway, Template.objects.get().gateway_pattern) == (gateway, "77")


def test_event_and_language_of_a_template_stay(superuser):
    row = make_template()
    path = page_of(Template, "change", row.pk)
    superuser.post(path, FORM | {"event": "paid", "language": "fa", "body": "a\r\n{id}"})
    row.refresh_from_db()
    assert (row.event, row.language, row.body) == ("order_partial", "en", "a\n{id}")


def test_saving_and_going_on_shows_the_new_preview_without_a_script(superuser):
    make_gateway()
    row = make_template()
    path = page_of(Template, "change", row.pk)
    page = superuser.post(path, FORM | {"body": "ü" * 160 + "{id}", "_continue": "1"}, follow=True)
    assert facts(page) == ["164", "2", "240"]


def test_the_preview_counts_what_is_typed(superuser):
    make_gateway(part_cost="110.50")
    make_gateway(name="Off", active=False, priority=0, part_cost=1)
    answer = ask(superuser, "{id}\r\n" + "س" * 70)
    assert (answer.status_code, facts(answer)) == (200, ["75", "2", "221"])
    assert "8412<br>" in answer.content.decode()
    fault = ask(superuser, "{id} {x}")
    assert (read_texts(fault, "p"), facts(fault)) == (["There is no variable {x} here."], [])


def test_a_preview_without_a_gateway_tells_no_price_and_markup_is_shown_as_text(superuser):
    answer = ask(superuser, "<b>{id}</b>")
    assert facts(answer)[2] == "no gateway tells its price"
    assert "&lt;b&gt;8412&lt;/b&gt;" in answer.content.decode()


def test_previews_are_for_who_may_see_templates(superuser):
    assert ask(enter_admin("sms.view_message"), "x").status_code == 403
    assert superuser.get(PREVIEW).status_code == 405
    others = [PREVIEW.replace("order_partial", "x"), PREVIEW.replace("/en/", "/de/")]
    assert [ask(superuser, "x", address).status_code for address in others] == [404, 404]


def test_the_page_asks_for_the_preview_as_the_policy_allows(superuser):
    pages = [superuser.get(ADD), superuser.get(page_of(Template, "change", make_template().pk))]
    asked = {"hx-post": PREVIEW, "hx-trigger": "input changed delay:250ms", "hx-target": "#template-preview"}
    for page in pages:
        text = read_attributes(find_one(page, "textarea"))
        assert {name: text[name] for name in asked} == asked
    config = read_attributes(find_one(pages[0], "meta", name="htmx-config"))["content"]
    assert ('"allowEval":false' in config, '"includeIndicatorStyles":false' in config) == (True, True)


def test_who_may_only_look_sees_the_text_and_its_preview():
    row = make_template()
    browser = enter_admin("sms.view_template")
    page = browser.get(page_of(Template, "change", row.pk))
    assert (find_all(page, "textarea"), read_texts(page, "p", class_="sms")) == (
        [],
        ["Order 8412: 12,500 back"],
    )
    assert browser.get(ADD.replace("=en", "=fa")).status_code == 403
    assert all(
        "add/" not in read_attributes(one)["href"] for one in find_all(browser.get(page_of(Template)), "a")
    )


def test_a_persian_text_is_read_from_the_right_whatever_it_begins_with(superuser):
    page = superuser.get("/admin/sms/template/add/?event=adjusted&language=fa")
    parts = [find_one(page, "textarea"), find_one(page, "p", class_="sms")]
    assert [read_attributes(part)["dir"] for part in parts] == ["rtl", "rtl"]
    assert read_attributes(find_one(superuser.get(ADD), "textarea"))["dir"] == "ltr"


def test_deleting_a_template_brings_the_panel_s_text_back(superuser):
    row = make_template()
    superuser.post(page_of(Template, "delete", row.pk), {"post": "yes"})
    assert line_of(superuser)[:2] == [DEFAULT, "the panel's"]
