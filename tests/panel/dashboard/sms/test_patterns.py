"""Patterns: the list with states and reasons, asking for one, and deleting it."""

from sms.models import Pattern
from sms.patterns import approve_pattern, create_pattern, reject_pattern
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_rows, read_texts
from tests.panel.dashboard.sms.steps import count_queries, read_errors

LIST = "/sms/patterns/"


def told(page):
    return [str(message) for message in page.context["messages"]]


def test_without_patterns_the_page_says_what_to_do(browser):
    assert read_texts(browser.get(LIST), "div", class_="empty") == [
        "You have no patterns yet: write a text with variables below. Once it is approved you can send it again and"
        " again."
    ]


def test_the_list_tells_states_and_reasons(browser, customer):
    approved, rejected, _ = (create_pattern(customer.pk, title, "Hi {x}") for title in ("A", "B", "C"))
    approve_pattern(approved.pk)
    reject_pattern(rejected.pk, "Say who sends it.")
    page = browser.get(LIST)
    assert [row[1:3] for row in read_rows(page)] == [
        ["C Hi {x}", "Waits for approval"],
        ["B Hi {x}", "Rejected Say who sends it."],
        ["A Hi {x}", "Approved"],
    ]
    links = [read_attributes(one)["href"] for one in find_all(page, "a", class_="button-small")]
    assert links == [f"/sms/?pattern={approved.pk}"]


def test_asking_for_one(browser, customer):
    page = browser.post(LIST, {"title": "Code", "body": "سلام {نام}\r\n{code}"}, follow=True)
    row = Pattern.objects.get()
    assert (row.customer_id, row.title, row.body, row.state) == (
        customer.pk,
        "Code",
        "سلام {نام}\n{code}",
        "pending",
    )
    assert told(page) == ["The pattern waits for approval. It can be sent once it is approved."]


def test_refusals_stand_under_their_field_and_the_form_keeps_its_values(browser):
    wrong = {"title": "Code", "body": "Hi {not a name}"}
    page = browser.post(LIST, wrong)
    words = "A variable is a name in braces, like {code}: letters, digits and _, at most 32 of them."
    assert (page.status_code, read_errors(page)) == (422, {"body": words})
    assert read_attributes(find_one(page, "input", name="title"))["value"] == "Code"
    assert read_texts(page, "textarea", name="body") == ["Hi {not a name}"]
    assert read_errors(browser.post(LIST, {"title": " ", "body": "x"})) == {"title": "Write something here."}
    assert read_errors(browser.post(LIST, {"title": "x", "body": ""})) == {"body": "Write something here."}
    assert Pattern.objects.count() == 0


def test_deleting(browser, stranger, customer):
    row = create_pattern(customer.pk, "Code", "Hi")
    path = f"{LIST}{row.pk}/delete/"
    assert [stranger.post(path).status_code, browser.get(path).status_code, Pattern.objects.count()] == [
        404,
        405,
        1,
    ]
    assert told(browser.post(path, follow=True)) == ["The pattern is deleted."]
    assert Pattern.objects.count() == 0


def test_queries_do_not_grow(browser, customer):
    create_pattern(customer.pk, "Code", "Hi")
    few = count_queries(browser, LIST)
    for number in range(5):
        create_pattern(customer.pk, f"Code {number}", "Hi")
    assert count_queries(browser, LIST) == few
