"""The shop in the admin: products, codes from files, and how many are left."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Bundle, Product, ProductCode
from campaigns.shop import buy_product
from campaigns.stock import import_codes
from tests.factories import give, make_customer
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(db):
    return Product.objects.create(title="Top-up", price=10, low_stock=3)


def upload(browser, product, content):
    file = SimpleUploadedFile("codes.csv", content, "text/csv")
    return browser.post(f"{page_of(Product)}{product.pk}/import/", {"act": "1", "file": file}, follow=True)


def refused(answer):
    """What the page says beside its form, whatever the field."""
    return [str(words) for errors in answer.context["blocks"][0]["form"].errors.values() for words in errors]


def sell(product):
    buyer = make_customer()
    give(buyer, product.price, "coin")
    return buy_product(buyer.pk, product.pk)


def test_codes_come_from_a_file_and_bad_lines_are_told(superuser, product):
    import_codes(product, b"OLD-1\n")
    answer = upload(
        superuser, product, b"\xef\xbb\xbfcode,note\nNEW-1,x\nOLD-1\nNEW-1\n,\n" + b"x" * 501 + b"\nNEW-2\n"
    )
    words = (
        "2 codes are in stock now. There already, or twice in the file, in lines: 3, 4."
        " Not taken, as they are empty, too long or unreadable, in lines: 5, 6."
    )
    assert told(answer) == [words]
    assert sorted(ProductCode.objects.values_list("product", flat=True)) == [product.pk] * 3
    assert {code.code for code in ProductCode.objects.all()} == {"OLD-1", "NEW-1", "NEW-2"}
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.change_message, "NEW" in answer.content.decode()) == (
        superuser.staff,
        words,
        False,
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"OLD-1\n", "0 codes are in stock now. There already, or twice in the file, in lines: 1."),
        (b"code\n", "There is no code in this file."),
        (b"\xff\xfe\x00a", "This file can't be read: save it as CSV in UTF-8."),
        (b"", "The submitted file is empty."),
        (b"a\n" * 20_001, "There are too many codes in this file."),
        (b"a" * 2_000_001, "This file is too large."),
    ],
)
def test_a_file_that_gives_nothing_is_refused(superuser, product, content, words):
    import_codes(product, b"OLD-1\n")
    assert refused(upload(superuser, product, content)) == [words]
    assert (ProductCode.objects.count(), LogEntry.objects.count()) == (1, 0)


def test_no_file_at_all_is_said_and_long_lists_are_cut(superuser, product):
    answer = superuser.post(f"{page_of(Product)}{product.pk}/import/", {"act": "1"})
    assert refused(answer) == ["This field is required."]
    (words,) = told(upload(superuser, product, b"a\n" * 60))
    assert words.endswith("50, 51, ….")


def test_only_who_may_add_codes_imports_them(product):
    editor = enter_admin("campaigns.view_product", "campaigns.change_product")
    assert upload(editor, product, b"A\n").status_code == 403
    assert "/import/" not in read(editor, page_of(Product, "change", product.pk))
    importer = enter_admin("campaigns.view_product", "campaigns.add_productcode")
    assert "1 code is in stock now." in told(upload(importer, product, b"A\n"))
    assert ProductCode.objects.count() == 1


def test_low_stock_is_marked_and_is_work(superuser, product):
    full = Product.objects.create(title="Full", price=1, low_stock=1)
    Product.objects.create(title="Off", price=1, active=False)
    import_codes(product, b"A\nB\nC\nD\n")
    import_codes(full, b"A\n")
    link = f'<a href="{page_of(Product)}?low=yes"><strong><bdi>%d</bdi></strong> products with low stock</a>'
    assert link % 1 not in read(superuser, "/admin/")
    for _ in range(2):
        sell(product)
    assert link % 1 in read(superuser, "/admin/")
    assert found_ids(superuser, Product, low="yes") == [product.pk]
    html = read(superuser, page_of(Product))
    assert html.count('class="low-stock"') == 1
    rows = superuser.get(page_of(Product)).context["cl"].result_list
    assert [(row.left, row.sold) for row in rows] == [(2, 2), (1, 0), (0, 0)]


def test_codes_are_found_by_product_state_and_buyer(superuser, product):
    import_codes(product, b"A\nB\n")
    sold = sell(product)
    (free,) = ProductCode.objects.filter(buyer=None)
    queries = (
        {"buyer__isempty": "1"},
        {"buyer__isempty": "0"},
        {"q": sold.buyer.username},
        {"q": str(free.pk)},
    )
    found = [found_ids(superuser, ProductCode, **query) for query in queries]
    assert found == [[free.pk], [sold.pk], [sold.pk], [free.pk]]
    html = read(superuser, page_of(Product))
    for name, row in (("1", free), ("0", sold)):
        query = {"product__id__exact": product.pk, "buyer__isempty": name}
        assert f"product__id__exact={product.pk}&amp;buyer__isempty={name}" in html
        assert found_ids(superuser, ProductCode, **query) == [row.pk]


def test_products_and_bundles_are_made_in_their_forms(superuser):
    product = {"title": "Card", "product_type": "mobiletopup", "price": "0", "low_stock": "5", "active": "on"}
    answer = superuser.post(page_of(Product, "add"), product)
    assert list(answer.context["adminform"].form.errors) == ["price"]
    superuser.post(page_of(Product, "add"), product | {"price": "7"})
    bundle = {"bazaar_sku": "small", "price": "1000", "coins": "0", "free_coins": "5", "active": "on"}
    answer = superuser.post(page_of(Bundle, "add"), bundle)
    assert list(answer.context["adminform"].form.errors) == ["coins"]
    superuser.post(page_of(Bundle, "add"), bundle | {"coins": "50"})
    assert (Product.objects.get().price, Bundle.objects.get().coins) == (7, 50)
