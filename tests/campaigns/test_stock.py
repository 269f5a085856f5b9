"""Importing codes: what a file may look like, what is passed by, and what the database sees of a code."""

import secrets
from time import monotonic

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from campaigns.models import Product, ProductCode
from campaigns.shop import buy_product
from campaigns.stock import (
    LONGEST_CODE,
    MOST_CODES,
    Imported,
    StockRefused,
    count_stock,
    digest_code,
    import_codes,
)
from tests.campaigns.shopping import make_buyer, make_product, number_codes
from tests.together import run_together

pytestmark = pytest.mark.django_db


def list_codes(product):
    return list(product.codes.order_by("id").values_list("code", flat=True))


@pytest.fixture
def product():
    return make_product()


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"A-1\nB-2\n", ["A-1", "B-2"]),
        (b"A-1\r\nB-2", ["A-1", "B-2"]),
        (b"code\nA-1\n", ["A-1"]),
        (b"Code,serial\nA-1,77\nB-2\n", ["A-1", "B-2"]),
        ("کد\nA-1".encode(), ["A-1"]),
        (b"A-1\ncode\n", ["A-1", "code"]),
        (b"\xef\xbb\xbfA-1\n", ["A-1"]),
        (b"\xef\xbb\xbfcode\nA-1\n", ["A-1"]),
        ("رمز هدیه ۱۲۳\n".encode(), ["رمز هدیه ۱۲۳"]),
        (b"  A-1  \n\n\n\tB-2\n", ["A-1", "B-2"]),
        (b'"A,1"\n"say ""yes"""\n', ["A,1", 'say "yes"']),
    ],
)
def test_codes_are_the_first_column(product, content, codes):
    assert import_codes(product, content) == Imported(len(codes))
    assert list_codes(product) == codes


def test_what_comes_twice_is_told_by_its_lines(product):
    assert import_codes(product, b"A\nB\nA\nC\nB\n") == Imported(3, known=[3, 5])
    assert import_codes(product, b"code\nD\nC\nA\n") == Imported(1, known=[3, 4])
    assert list_codes(product) == ["A", "B", "C", "D"]


def test_a_sold_code_is_not_taken_into_stock_again():
    product = make_product("A", "B")
    buy_product(make_buyer().pk, product.pk)
    assert import_codes(product, b"A\n") == Imported(0, known=[1])
    assert count_stock() == {product.pk: (1, 1)}


def test_bad_lines_are_told_and_the_others_taken(product):
    long = "x" * (LONGEST_CODE + 1)
    content = f'A\n   \n{long}\nB\x00\n"C\nD"\n,E\nF\u200f\n{"y" * LONGEST_CODE}\n'
    assert import_codes(product, content.encode()) == Imported(2, bad=[2, 3, 4, 6, 7, 8])
    assert list_codes(product) == ["A", "y" * LONGEST_CODE]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"code\n", "empty"),
        ("A-1\n".encode("utf-16"), "unreadable"),
        ("کد\n".encode("cp1256"), "unreadable"),
        (b'A\n"B\nC\nD\n', "unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00", "unreadable"),
        (b"A\n" + b"B" * 200_000, "unreadable"),
        (b"A\n" * (MOST_CODES + 1), "many"),
    ],
)
def test_what_is_no_list_of_codes_changes_nothing(product, content, reason):
    with pytest.raises(StockRefused) as caught:
        import_codes(product, content)
    assert caught.value.reason == reason
    assert list_codes(product) == []


def test_two_products_may_have_the_same_code():
    one, two = make_product("A"), make_product("A")
    assert (list_codes(one), list_codes(two)) == (["A"], ["A"])


def test_twenty_thousand_codes_are_imported_and_known_again_quickly(product):
    content = "\n".join(number_codes(MOST_CODES)).encode()
    began = monotonic()
    assert import_codes(product, content) == Imported(MOST_CODES)
    assert import_codes(product, content) == Imported(0, known=list(range(1, MOST_CODES + 1)))
    assert monotonic() - began < 60


def test_the_database_sees_neither_the_code_nor_what_it_could_be_guessed_from():
    make_product("SECRET-1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, digest, campaigns_productcode::text FROM campaigns_productcode")
        stored, digest, row = cursor.fetchone()
    assert "SECRET" not in row and stored.startswith("gAAAA")
    assert bytes(digest) == digest_code("SECRET-1") != digest_code("SECRET-2")
    assert ProductCode.objects.get().code == "SECRET-1"


def test_the_digest_hangs_on_the_installation_s_key(settings):
    before = digest_code("A")
    settings.TRACKING_KEY = "another installation's"
    assert digest_code("A") != before


def test_codes_are_known_again_after_keys_were_rotated(settings):
    product = make_product("A")
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert import_codes(product, b"A\nB\n") == Imported(1, known=[1])
    assert list_codes(product) == ["A", "B"]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_once_is_imported_once():
    product = make_product()
    content = "\n".join(number_codes(200)).encode()
    outcomes = run_together(*(lambda: import_codes(product, content) for _ in range(8)))
    assert sorted(outcome.added for outcome in outcomes) == [0] * 7 + [200]
    assert [len(outcome.known) for outcome in outcomes if not outcome.added] == [200] * 7
    assert list_codes(product) == number_codes(200)


def test_stock_is_counted_by_product():
    one, two = make_product("A", "B", "C"), make_product("A")
    buyer = make_buyer()
    buy_product(buyer.pk, one.pk)
    buy_product(buyer.pk, two.pk)
    Product.objects.create(title="Empty", price=1)
    assert count_stock() == {one.pk: (2, 1), two.pk: (0, 1)}
