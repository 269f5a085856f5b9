import pytest
import requests


@pytest.mark.parametrize(
    ("video", "duration"),
    [
        ("hashd", "600"),
        ("short", "90"),
        ("short12", "90"),
        ("demo30", "30"),
        ("demo600", "600"),
        ("demo", "600"),
    ],
)
def test_lengths(sandbox, video, duration):
    url = f"{sandbox.url}/aparat/etc/api/video/videohash/{video}"
    for address in (url, f"{url}/"):
        answer = requests.get(address, timeout=10)
        assert (answer.status_code, answer.json()) == (200, {"video": {"uid": video, "duration": duration}})


def test_a_video_that_is_gone(sandbox):
    answer = requests.get(f"{sandbox.url}/aparat/etc/api/video/videohash/gone1", timeout=10)
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"status": 404, "detail": "video not found"}]}
