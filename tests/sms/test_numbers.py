"""Lists of numbers: the good ones each once, the bad ones as they came."""

from sms.numbers import Numbers, read_numbers


def test_numbers_come_in_order_each_once_and_bad_ones_as_given():
    given = ["09120001111", "۰۹۱۲۰۰۰۲۲۲۲", "+98 912 000 1111", "nobody", 9120003333, "02112345678"]
    assert read_numbers(given) == Numbers(
        ["+989120001111", "+989120002222", "+989120003333"], ["nobody", "02112345678"], 1
    )


def test_what_json_can_hold_is_read_or_bad():
    bad = [None, True, False, 0, -9120001111, 9120001111.0, [], {"a": 1}, "", "\x00", "\ud800", 10**5000]
    assert read_numbers(bad) == Numbers([], bad, 0)


def test_a_number_of_another_country_is_none_that_customers_send_to():
    assert read_numbers(["+4915112345678"]) == Numbers([], ["+4915112345678"], 0)


def test_nothing_is_nothing():
    assert read_numbers([]) == read_numbers(()) == Numbers([], [], 0)
