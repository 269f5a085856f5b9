import pytest

FIRST, SECOND, THIRD = "09121234567", "09122222222", "09123333333"
OTHER = {"token": "sandbox-sms-other"}


@pytest.fixture
def book(gateway):
    body = {"name": "دوستان", "numbers": [FIRST, SECOND], "flag": "0"}
    answer = gateway("POST", "phonebook", json=body).json()
    assert answer == {"status": 200, "result": {"status": 0, "id": 1}}
    return 1


@pytest.fixture
def numbers(gateway):
    def ask(book=1):
        result = gateway("GET", f"phonebook/{book}/number").json()["result"]
        assert result["status"] == 0
        return [row["number"] for row in result["result"]]

    return ask


def test_books_are_listed_and_found_by_name(gateway, book):
    gateway("POST", "phonebook/", json={"name": "a/b c", "numbers": [THIRD]})
    first = {"book_id": 1, "uname": "sandbox", "title": "دوستان", "count": 2}
    second = {"book_id": 2, "uname": "sandbox", "title": "a/b c", "count": 1}

    def result(path, **options):
        return gateway("GET", path, **options).json()

    assert result("my/phonebook") == {"status": 200, "result": {"status": 0, "result": [first, second]}}
    one = {"status": 200, "result": {"status": 0, "result": [first]}}
    assert [
        result("my/phonebook/دوستان"),
        result("my/phonebook/دوستان/"),
        result("my/phonebook", params={"name": "دوستان"}),
        result("my/phonebook", json={"name": "دوستان"}),
    ] == [one] * 4
    assert result("my/phonebook/a%2Fb%20c")["result"]["result"] == [second]
    assert result("my/phonebook", headers=OTHER) == {"status": 200, "result": {"status": 0, "result": []}}


@pytest.mark.parametrize(
    ("name", "code"), [("nobody", 40), ("sandbox-code-43", 43), ("sandbox-code-1000", 1000)]
)
def test_a_name_that_is_refused(gateway, book, name, code):
    expected = {"status": 200, "result": {"status": code, "result": []}}
    assert gateway("GET", f"my/phonebook/{name}").json() == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "دوستان"}, 41),
        ({"numbers": [FIRST, "+989121234567"]}, 41),
        ({"numbers": []}, 42),
        ({"numbers": None}, 42),
        ({"name": " "}, 43),
        ({"name": None}, 43),
        ({"numbers": ["123"]}, 43),
        ({"numbers": FIRST}, 43),
        ({"flag": 7}, 43),
        ({"flag": [1]}, 43),
        ({"name": "sandbox-code-40"}, 40),
        ({"name": "sandbox-code-1000"}, 1000),
        ({"name": "sandbox-code-2000"}, 2000),
    ],
)
def test_a_book_that_is_not_made(gateway, book, changes, code):
    body = {"name": "new", "numbers": [FIRST], "flag": 0} | changes
    answer = gateway("POST", "phonebook", json=body).json()
    assert answer == {"status": 200, "result": {"status": code, "id": 0}}
    assert len(gateway("GET", "my/phonebook").json()["result"]["result"]) == 1


def test_numbers_have_ids(gateway, book):
    answer = gateway("GET", "phonebook/1/number/").json()
    rows = [{"number_id": 1, "number": FIRST}, {"number_id": 2, "number": SECOND}]
    assert answer == {"status": 200, "result": {"status": 0, "result": rows}}


def test_flag_1_skips_what_is_there_and_0_refuses_all(gateway, book, numbers):
    def add(flag, *added):
        body = {"numbers": list(added), "flag": flag}
        return gateway("POST", "phonebook/1/number", json=body).json()

    assert (add(0, THIRD, "+989121234567"), numbers()) == ({"status": 200, "result": 41}, [FIRST, SECOND])
    assert (add("1", THIRD, FIRST, THIRD), numbers()) == (
        {"status": 200, "result": 0},
        [FIRST, SECOND, THIRD],
    )
    assert add(0, "09124444444", "9124444444") == {"status": 200, "result": 41}


def test_numbers_are_taken_out_in_any_spelling(gateway, book, numbers):
    def remove(flag, *removed):
        body = {"numbers": list(removed), "flag": flag}
        return gateway("DELETE", "phonebook/1/number", json=body).json()

    assert (remove(0, FIRST, THIRD), numbers()) == ({"status": 200, "result": 40}, [FIRST, SECOND])
    assert (remove(1, FIRST, THIRD), numbers()) == ({"status": 200, "result": 0}, [SECOND])
    assert (remove(0, "+989122222222"), numbers()) == ({"status": 200, "result": 0}, [])


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("book_id", "body", "code"),
    [
        (1, {"numbers": []}, 42),
        (1, {}, 42),
        (1, {"numbers": ["x"]}, 43),
        (1, {"numbers": [FIRST], "flag": "maybe"}, 43),
        (99, {"numbers": [THIRD]}, 40),
        ("x", {"numbers": [THIRD]}, 40),
    ],
)
def test_numbers_that_are_refused(gateway, book, numbers, method, book_id, body, code):
    assert gateway(method, f"phonebook/{book_id}/number", json=body).json() == {"status": 200, "result": code}
    assert numbers() == [FIRST, SECOND]


def test_a_deleted_book_is_gone_and_its_name_free(gateway, book):
    assert gateway("DELETE", "phonebook/1/").json() == {"status": 200, "result": 0}
    assert gateway("DELETE", "phonebook/1").json() == {"status": 200, "result": 40}
    assert gateway("GET", "phonebook/1/number").json()["result"] == {"status": 40, "result": []}
    answer = gateway("POST", "phonebook", json={"name": "دوستان", "numbers": [FIRST]}).json()
    assert answer["result"] == {"status": 0, "id": 2}


def test_someone_elses_book_is_not_there(gateway, book, numbers):
    for method, path in (
        ("DELETE", "phonebook/1"),
        ("POST", "phonebook/1/number"),
        ("DELETE", "phonebook/1/number"),
    ):
        answer = gateway(method, path, headers=OTHER, json={"numbers": [FIRST], "flag": 1})
        assert answer.json() == {"status": 200, "result": 40}
    assert gateway("GET", "phonebook/1/number", headers=OTHER).json()["result"]["status"] == 40
    assert gateway("POST", "sms/phonebook-send", headers=OTHER, json={"message": "x", "bookId": 1}).json()[
        "result"
    ] == {"status": 40, "id": 0}
    assert numbers() == [FIRST, SECOND]
