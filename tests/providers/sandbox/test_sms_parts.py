import pytest

from providers.sandbox.sms_parts import count_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("x" * 70 + "س", 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("", 1),
    ],
)
def test_parts(text, parts):
    assert count_parts(text) == parts
