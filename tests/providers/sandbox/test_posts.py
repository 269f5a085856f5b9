import time

import pytest
import requests

LINK = "https://example.com/p/1"


@pytest.fixture
def ask(sandbox):
    """The answer about a user: `ask("someone")`."""

    def get(username, timeout=10):
        return requests.get(f"{sandbox.url}/posts", params={"username": username}, timeout=timeout)

    return get


@pytest.fixture
def add(sandbox):
    """Add a post: `add("someone", link=…, created=…)`."""

    def post(username, **form):
        return requests.post(f"{sandbox.url}/posts/{username}", data=form, timeout=10)

    return post


def test_added_posts_come_newest_first(ask, add):
    before = int(time.time())
    added = [add("someone", link=LINK).json(), add("someone", link=f"{LINK}?a=1&b=2", created=100).json()]
    add("other", link=LINK)
    assert (before <= added[0].pop("created") <= time.time(), added) == (
        True,
        [{"id": "1", "link": LINK}, {"id": "2", "link": f"{LINK}?a=1&b=2", "created": 100}],
    )
    content = ask("someone").json()
    assert content["username"] == "someone"
    assert [post["id"] for post in content["posts"]] == ["1", "2"]


def test_posts_of_one_second_come_newest_first(ask, add):
    for _ in range(60):
        add("someone", link=LINK, created=100)
    assert [post["id"] for post in ask("someone").json()["posts"]] == [str(n) for n in range(60, 10, -1)]


def test_a_username_may_have_other_letters(ask, add):
    add("کاربر%2Fa", link=LINK, created=100)
    assert ask("کاربر/a").json()["posts"] == [{"id": "1", "link": LINK, "created": 100}]


@pytest.mark.parametrize(
    ("username", "status", "content"),
    [
        ("gone1", 404, {"error": "no such user"}),
        ("busy1", 503, {"error": "try again later"}),
        ("quiet1", 200, {"username": "quiet1", "posts": []}),
        ("nobody", 200, {"username": "nobody", "posts": []}),
        ("", 400, {"error": "username is required"}),
    ],
)
def test_usernames_say_what_comes(ask, add, username, status, content):
    if username.startswith("quiet"):
        add(username, link=LINK)
    answer = ask(username)
    assert (answer.status_code, answer.json()) == (status, content)


def test_garbage_is_a_page(ask):
    assert ask("garbage1").text.startswith("<!DOCTYPE html>")


def test_a_slow_source_takes_its_time(ask):
    with pytest.raises(requests.ReadTimeout):
        ask("slow1", timeout=1)


def test_a_steady_user_posts_every_20_seconds(sandbox, ask):
    assert len(ask("steady1").json()["posts"]) <= 1
    sandbox.state.posts.began -= 60
    began = int(sandbox.state.posts.began // 20)
    slots = list(range(began + 3, began, -1))
    oldest = ask("steady1").json()["posts"][-3:]
    assert oldest == [
        {"id": f"s{slot}", "link": f"https://example.com/p/steady1-{slot}", "created": slot * 20}
        for slot in slots
    ]


def test_a_steady_user_has_50_posts_at_most(sandbox, ask):
    sandbox.state.posts.began -= 20 * 500
    posts = ask("steady1").json()["posts"]
    assert len({post["id"] for post in posts}) == len(posts) == 50
    assert posts == sorted(posts, key=lambda post: post["created"], reverse=True)


@pytest.mark.parametrize("form", [{}, {"link": ""}, {"link": "x" * 2049}, {"link": LINK, "created": "soon"}])
def test_a_bad_post_is_not_added(ask, add, form):
    assert add("someone", **form).status_code == 400
    assert ask("someone").json()["posts"] == []


def test_a_reset_forgets_posts_but_not_their_numbers(sandbox, ask, add):
    add("someone", link=LINK)
    sandbox.reset()
    assert ask("someone").json()["posts"] == []
    assert add("someone", link=LINK).json()["id"] == "2"
