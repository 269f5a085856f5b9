"""The SMS of an event: the panel's own words, an operator's in their place, and neither with a hole in it."""

import pytest

from campaigns.models import Campaign
from panel.accounts.news import KINDS
from sms.events import EVENTS
from sms.models import Message, Template
from sms.parts import count_parts
from sms.texts import check_template, default_text, fill_sample, write_text
from sms.variables import BadText, find_variables

pytestmark = pytest.mark.django_db
VALUES = {"id": "8412", "refund": "۱۲٬۵۰۰"}


def make_template(body="Order {id}: {refund} back", **fields):
    fields = {"event": "order_partial", "language": "en"} | fields
    return Template.objects.create(body=body, **fields)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_event_has_a_text_in_both_languages_that_names_its_variables_alone(event, language):
    text = default_text(event.name, language)
    check_template(event.name, text)
    assert set(find_variables(text)) <= set(event.variables)
    assert text != default_text(event.name, "en" if language == "fa" else "fa")
    assert count_parts(fill_sample(event.name, language, text)) <= 3


def test_events_are_all_that_is_told_by_sms_and_fit_their_columns():
    named = {name for name, kind in KINDS.items() if kind.may_choose}
    ends = {name for name in EVENTS if name.startswith("campaign_")}
    assert set(EVENTS) - named == {"code_login", "code_mobile", "paid_bonus", "taken", *ends}
    assert named - set(EVENTS) == {"campaign"}
    assert ends == {f"campaign_{state}" for state in Campaign.State}
    longest = Message._meta.get_field("kind").max_length, Template._meta.get_field("event").max_length
    assert max(map(len, EVENTS)) <= min(longest)


def test_the_panel_s_own_words():
    written = write_text("order_partial", "en", VALUES)
    assert written.text == "Your order 8412 was done in part. ۱۲٬۵۰۰ toman are back in your wallet."
    assert (written.template_id, written.values) == (None, VALUES)


def test_a_template_of_that_event_and_language_takes_their_place():
    row = make_template()
    assert write_text("order_partial", "en", VALUES) == ("Order 8412: ۱۲٬۵۰۰ back", row.pk, VALUES)
    assert [
        write_text(event, language, VALUES).template_id
        for event, language in (("order_partial", "fa"), ("order_canceled", "en"))
    ] == [None, None]


def test_a_change_holds_at_once_and_one_switched_off_not_at_all(django_assert_num_queries):
    row = make_template()
    Template.objects.update(body="{id}!")
    with django_assert_num_queries(1):
        assert write_text("order_partial", "en", VALUES).text == "8412!"
    Template.objects.update(active=False)
    assert write_text("order_partial", "en", VALUES).template_id is None
    assert row.pk is not None


@pytest.mark.parametrize("body", ["{gone}", "{id", "{id!r}"])
def test_a_template_that_can_t_be_filled_any_more_is_passed_by(body, caplog):
    make_template(body)
    assert write_text("order_partial", "en", VALUES).text.startswith("Your order 8412 was done in part.")
    assert "is passed by" in caplog.text


def test_values_that_the_event_has_no_use_for_are_left_out_and_missing_ones_are_an_error():
    assert write_text("order_completed", "en", VALUES).values == {"id": "8412"}
    with pytest.raises(KeyError):
        write_text("order_partial", "en", {"id": "8412"})


def test_a_code_s_text_never_leaves_the_code_out():
    with pytest.raises(BadText, match="missing: code"):
        check_template("code_login", "Welcome")
