import pytest

from panel.wallet.gateways.base import Begun, mask_card


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("502229******5995", "502229******5995"),
        ("5022-2912-3456-5995", ""),
        ("5022291234565995", "502229******5995"),
        (5022291234565995, "502229******5995"),
        ("6037xxxxxxxx12", "6037xxxxxxxx12"),
        ("", ""),
        (None, ""),
        (["502229******5995"], ""),
        ("<b>502229******5995</b>", ""),
    ],
)
def test_no_whole_card_number_is_kept(told, kept):
    assert mask_card(told) == kept


def test_an_authority_is_not_printed_by_accident():
    assert repr(Begun("A000000000000000000000000000000000001", "https://x.example/A0000")) == "Begun()"
