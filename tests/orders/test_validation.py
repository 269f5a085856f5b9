"""Links, counts and fields as customers write them."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.refusals import OrderRefused, Refusal
from orders.service_types import TYPE_RULES, ServiceType
from orders.validation import HIGHEST, Draft, Shape, read_draft, read_link

LINK = "https://instagram.com/p/abc"
anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        "http://instagram.com",
        "HTTPS://Instagram.com/P",
        "https://www.instagram.com:8443/p/abc/?igsh=1&x=%20#top",
        "https://t.me/+AbC",
        "https://شبکه.ایران/صفحه",
        "https://xn--mgba3a4f16a.com/",
        "https://a-b.co/",
        "https://instagram.com./p",
        "https://instagram.com/" + "a" * 1978,
    ],
)
def test_good_links_stay_as_they_are(link):
    assert read_link(link, "url") == link
    assert read_link(f"  {link}\n", "url_or_username") == link


@pytest.mark.parametrize("name", ["user", "@user", "a.b_c-d", "@" + "u" * 64, "123"])
def test_a_username_will_do_where_the_service_says_so(name):
    assert read_link(name, "url_or_username") == name
    with pytest.raises(OrderRefused):
        read_link(name, "url")


@pytest.mark.parametrize("name", ["us er", "@", "@@user", "کاربر", "u" * 65, "user/p", "-user", "a\u200bb"])
def test_no_username(name):
    with pytest.raises(OrderRefused) as refused:
        read_link(name, "url_or_username")
    assert refused.value.code is Refusal.LINK_BAD


@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_an_empty_link_is_a_missing_one(value):
    with pytest.raises(OrderRefused) as refused:
        read_link(value, "url")
    assert (refused.value.code, refused.value.field) == (Refusal.FIELD_MISSING, "link")


@pytest.mark.parametrize("host", ["a" * 1900, "a." * 950, "a-" * 900, "-" * 1900, "ä." * 900])
def test_an_endless_host_is_refused_in_no_time(host):
    started = time.perf_counter()
    with pytest.raises(OrderRefused):
        read_link(f"https://{host}", "url")
    assert time.perf_counter() - started < 2


@given(anything, st.sampled_from(["url", "url_or_username"]))
def test_any_link_is_read_or_refused(value, link_format):
    try:
        link = read_link(value, link_format)
    except OrderRefused as refused:
        assert refused.code in (Refusal.LINK_BAD, Refusal.FIELD_MISSING)
    else:
        assert link == str(value).strip()
        assert "\x00" not in link


@given(st.sampled_from(list(TYPE_RULES)), st.dictionaries(st.text(), anything), st.data())
def test_any_values_are_read_or_refused(kind, values, data):
    """Whatever a client sends: a draft that PostgreSQL can store, or a refusal; never another exception."""
    rule = TYPE_RULES[kind]
    names = ("quantity", *rule.needs, *rule.one_of)
    values |= {name: data.draw(anything, label=name) for name in names} | {"link": LINK}
    try:
        draft = read_draft(Shape(kind, "url"), values)
    except OrderRefused as refused:
        assert refused.code in (Refusal.FIELD_MISSING, Refusal.FIELD_BAD)
        assert refused.field in names
    else:
        assert -HIGHEST <= draft.count <= HIGHEST
        stored = json.loads(draft.fields or "{}")
        assert set(stored) <= set(names)
        text = "".join(stored.values())
        assert "\x00" not in text
        text.encode()  # no half of a surrogate pair


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("5", 5),
        (5, 5),
        (" 5 ", 5),
        ("-5", -5),
        ("۵۰", 50),
        ("٥٠", 50),
        ("007", 7),
        ("9" * 39, HIGHEST),
        ("-" + "9" * 39, -HIGHEST),
    ],
)
def test_counts(value, count):
    draft = read_draft(Shape("default", "url"), {"link": LINK, "quantity": value})
    assert draft == Draft(LINK, count, False, None)


def test_lists_are_their_lines_that_say_something():
    values = {"link": LINK, "comments": " one \r\n\r\n\ttwo\n   \nthree", "quantity": "99"}
    draft = read_draft(Shape("custom_comments", "url"), values)
    assert draft == Draft(LINK, 3, False, '{"comments": "one\\ntwo\\nthree"}')


def test_web_traffic_takes_a_keyword_or_an_address():
    base = {"link": LINK, "quantity": 5, "country": "IR", "device": "1", "type_of_traffic": "2"}
    shape = Shape(ServiceType.WEB_TRAFFIC, "url")
    for name in ("google_keyword", "referring_url"):
        stored = json.loads(read_draft(shape, base | {name: "x"}).fields)
        assert stored == {"country": "IR", "device": "1", "type_of_traffic": "2", name: "x"}
    with pytest.raises(OrderRefused) as refused:
        read_draft(shape, base)
    assert refused.value.code is Refusal.FIELD_MISSING


@pytest.mark.parametrize("value", [True, 2.0, [[2]], {}, {"a": 1}, [["a"]], ["a", {}], ["a", True]])
@pytest.mark.parametrize(("kind", "name"), [("poll", "answer_number"), ("custom_comments", "comments")])
def test_what_json_has_beside_texts_and_numbers_is_no_text(kind, name, value):
    values = {"link": LINK, "quantity": 5, name: value}
    with pytest.raises(OrderRefused) as caught:
        read_draft(Shape(kind, "url"), values)
    assert (caught.value.code, caught.value.field) == (Refusal.FIELD_BAD, name)


def test_a_list_where_one_text_is_due():
    with pytest.raises(OrderRefused) as caught:
        read_draft(Shape("poll", "url"), {"link": LINK, "quantity": 5, "answer_number": [2]})
    assert caught.value.code is Refusal.FIELD_BAD


def test_numbers_and_lists_of_texts_are_taken_as_texts():
    assert read_draft(Shape("poll", "url"), {"link": LINK, "quantity": 5, "answer_number": 2}).fields
    draft = read_draft(Shape("custom_comments", "url"), {"link": LINK, "comments": ["a", 5]})
    assert (draft.count, draft.fields) == (2, '{"comments": "a\\n5"}')


@pytest.mark.parametrize("link", [5, True, ["https://x.com/a"], {"a": 1}])
@pytest.mark.parametrize("link_format", ["url", "url_or_username"])
def test_a_link_is_a_text(link, link_format):
    with pytest.raises(OrderRefused) as caught:
        read_link(link, link_format)
    assert caught.value.code is Refusal.LINK_BAD


@pytest.mark.parametrize("unseen", ["\u202e", "\u200e", "\u2066", "\ufeff", "\u200b"])
def test_a_link_hides_nothing(unseen):
    with pytest.raises(OrderRefused) as caught:
        read_link(f"https://x.com/{unseen}a", "url")
    assert caught.value.code is Refusal.LINK_BAD
