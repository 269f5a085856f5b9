"""What a browser calls itself, in words."""

import pytest

from panel.accounts.devices import describe_device, find_network, is_handheld

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words", "handheld"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", "Chrome, Windows", False),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge, Windows", False),
        (f"{WINDOWS} Chrome/114.0.0.0 Safari/537.36 OPR/100.0.0.0", "Opera, Windows", False),
        (f"{ANDROID} Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome, Android", True),
        (
            f"{ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
            True,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
            True,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.6 Safari/605.1.15",
            "Safari, macOS",
            False,
        ),
        ("curl/8.5.0", "unknown device", False),
        ("", "unknown device", False),
    ],
)
def test_browser_and_system_are_told_as_far_as_they_can_be(agent, words, handheld, settings):
    settings.LANGUAGE_CODE = "en"
    assert (describe_device(agent), is_handheld(agent)) == (words, handheld)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", ""),
        ("nowhere", ""),
    ],
)
def test_an_address_belongs_to_a_network(address, network):
    assert find_network(address) == network
