import struct
import zlib

import pytest
import requests

APP = "sandbox-app-token"
ALWAYS = [{"id": "46569725", "username": "sara.ahmadi"}, {"id": "46569726", "username": "reza_karimi"}]


@pytest.fixture
def ask(sandbox):
    """Call the API: `ask("media/shortcode/Abcde")`."""

    def get(path, token=APP, timeout=10):
        url = f"{sandbox.url}/instagram/v1/{path}"
        return requests.get(url, params={"access_token": token}, timeout=timeout)

    return get


def read_error(answer):
    """(HTTP status, error type) of a refusal, whose envelope says the same."""
    meta = answer.json()["meta"]
    assert meta["code"] == answer.status_code
    return answer.status_code, meta["error_type"]


def test_a_picture_is_told_with_its_likes_and_its_image(sandbox, ask):
    assert ask("media/shortcode/CA2-Sn_n9YX").json() == {
        "meta": {"code": 200},
        "data": {
            "id": "CA2-Sn_n9YX_1",
            "type": "image",
            "link": "https://www.instagram.com/p/CA2-Sn_n9YX/",
            "user_has_liked": False,
            "likes": {"count": 2},
            "images": {
                "standard_resolution": {
                    "url": f"{sandbox.url}/instagram/pictures/CA2-Sn_n9YX_1.png",
                    "width": 320,
                    "height": 320,
                }
            },
        },
    }


@pytest.mark.parametrize(("token", "liked"), [("like-token", True), ("nolike-token", False), (APP, False)])
def test_a_token_decides_whether_it_is_liked(ask, token, liked):
    assert ask("media/shortcode/Abcde", token).json()["data"]["user_has_liked"] is liked


@pytest.mark.parametrize("token", ["expired-token", "other", "", "46569725.5106fe6.0", "کلید"])
def test_a_token_that_nobody_has(ask, token):
    for path in ("media/shortcode/Abcde", "media/Abcde_1/likes", "media/shortcode/gone1"):
        assert read_error(ask(path, token)) == (400, "OAuthAccessTokenException")


@pytest.mark.parametrize(
    ("path", "token"),
    [
        ("media/shortcode/gone1", APP),
        ("media/shortcode/gone1", "like-token"),
        ("media/shortcode/Abcde", "gone-token"),
        ("media/shortcode/a.b", APP),
        ("media/gone1_1/likes", APP),
        ("media/Abcde/likes", APP),
    ],
)
def test_what_is_not_there(ask, path, token):
    assert read_error(ask(path, token)) == (400, "APINotFoundError")


def test_a_page_instead_of_an_answer(ask):
    answer = ask("media/shortcode/Abcde", "garbage-token")
    assert (answer.status_code, answer.text[:15]) == (200, "<!DOCTYPE html>")
    for path in ("media/shortcode/flaky1", "media/flaky1_1/likes"):
        assert ask(path).status_code == 500


def test_a_slow_token_answers_after_any_deadline(ask):
    with pytest.raises(requests.ReadTimeout):
        ask("media/shortcode/Abcde", "slow-token", timeout=2)


def test_the_list_holds_everybody_known_who_likes(sandbox, ask):
    assert ask("media/Abcde_1/likes").json() == {"meta": {"code": 200}, "data": ALWAYS}
    sandbox.add_person("77", "ali")
    sandbox.add_person("78", "nolike.ali")
    assert ask("media/Abcde_1/likes").json()["data"] == [*ALWAYS, {"id": "77", "username": "ali"}]
    assert ask("media/shortcode/Abcde").json()["data"]["likes"] == {"count": 3}


def test_a_like_that_was_dropped_is_not_on_the_list(ask):
    assert ask("media/shortcode/dropped1", "like-token").json()["data"]["user_has_liked"] is True
    assert ask("media/shortcode/dropped1").json()["data"]["likes"] == {"count": 0}
    assert ask("media/dropped1_1/likes").json()["data"] == []


def test_people_are_added_by_control(sandbox):
    url = f"{sandbox.url}/control/people"
    answer = requests.post(url, json={"uid": "77", "username": "ali"}, timeout=10)
    assert answer.json() == requests.get(url, timeout=10).json()
    assert answer.json()["people"][-1] == {"uid": "77", "username": "ali"}
    for body in ({"uid": "x", "username": "ali"}, {"uid": "1", "username": "<b>"}, {}, [1]):
        assert requests.post(url, json=body, timeout=10).status_code == 400
    sandbox.reset()
    people = requests.get(url, timeout=10).json()["people"]
    assert [person["username"] for person in people] == ["sara.ahmadi", "reza_karimi", "nolike.mina"]


def test_an_image_is_a_png_coloured_by_its_id(sandbox):
    answers = [
        requests.get(f"{sandbox.url}/instagram/pictures/{name}.png", timeout=10)
        for name in ("Abcde_1", "Abcde_1", "Fghij_1")
    ]
    assert {answer.headers["Content-Type"] for answer in answers} == {"image/png"}
    first, second, third = (answer.content for answer in answers)
    assert (first == second, first == third) == (True, False)
    chunks, place = {}, 8
    while place < len(first):
        length, name = struct.unpack(">I4s", first[place : place + 8])
        content = first[place + 8 : place + 8 + length]
        [check] = struct.unpack(">I", first[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(name + content)
        chunks[name] = content
        place += 12 + length
    assert (first[:8], list(chunks)) == (b"\x89PNG\r\n\x1a\n", [b"IHDR", b"IDAT", b"IEND"])
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (320, 320)
    assert len(zlib.decompress(chunks[b"IDAT"])) == 320 * (1 + 320 * 3)


def test_images_that_are_none(sandbox, ask):
    assert ask("media/shortcode/nopic1").json()["data"]["images"] == {}
    url = ask("media/shortcode/badpic1").json()["data"]["images"]["standard_resolution"]["url"]
    answer = requests.get(url, timeout=10)
    assert (answer.status_code, answer.text[:15]) == (200, "<!DOCTYPE html>")
    for name in ("Abcde_1", "Abcde_1.jpg", "%2e%2e.png"):
        assert requests.get(f"{sandbox.url}/instagram/pictures/{name}", timeout=10).status_code == 404


def test_a_host_that_is_none_gets_no_address(sandbox):
    url = f"{sandbox.url}/instagram/v1/media/shortcode/Abcde?access_token={APP}"
    answer = requests.get(url, headers={"Host": 'x"y'}, timeout=10)
    assert answer.json()["data"]["images"] == {}


@pytest.mark.parametrize(
    ("action", "path"),
    [("instagram/picture", "media/shortcode/Abcde"), ("instagram/likes", "media/Abcde_1/likes")],
)
def test_faults_can_be_set(sandbox, ask, action, path):
    sandbox.set_fault(action, "429")
    sandbox.set_fault(action, "hollow")
    assert read_error(ask(path)) == (429, "OAuthRateLimitException")
    assert not any(ask(path).json().values())
    assert ask(path).json()["meta"] == {"code": 200}
