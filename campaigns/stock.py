"""Codes in stock: imported from CSV, encrypted, each once."""

import csv
import hmac
import io
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from campaigns.models import Product, ProductCode

MOST_CODES = 20_000  # of one import
LONGEST_CODE = 500
HEADINGS = ("code", "کد")
BATCH = 1_000


class StockRefused(Exception):
    """Nothing was imported: `reason` is `unreadable`, `empty` or `many`."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import went; the lists are line numbers, the first being 1."""

    added: int
    known: list = field(default_factory=list)
    bad: list = field(default_factory=list)


def import_codes(product, content):
    """Put the codes of a CSV file (bytes: one code a line, in the first column) into stock; returns Imported.

    A first line that is one of HEADINGS is passed by, and so are codes that are there already, sold ones too, or
    come twice in the file. Raises StockRefused.
    """
    rows = _read_rows(content)
    codes, known, bad = {}, [], []
    for line, text in rows:
        if not text or len(text) > LONGEST_CODE or not text.isprintable():
            bad.append(line)
        elif (digest := digest_code(text)) in codes:
            known.append(line)
        else:
            codes[digest] = (line, text)
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).get(pk=product.pk)  # one import at a time
        stored = ProductCode.objects.filter(product=product, digest__in=list(codes))
        for digest in stored.values_list("digest", flat=True):
            known.append(codes.pop(bytes(digest))[0])
        ProductCode.objects.bulk_create(
            [
                ProductCode(product=product, code=text, digest=digest)
                for digest, (_line, text) in codes.items()
            ],
            batch_size=BATCH,
        )
        if codes:
            Product.objects.filter(pk=product.pk).update(low_stock_told_at=None)
    return Imported(len(codes), sorted(known), bad)


def digest_code(code):
    """The keyed digest under which a code is found again: codes are short, so a plain one could be guessed back.

    By the key that is never changed: under another one a sold code would be taken into stock once more.
    """
    return hmac.digest(f"product-code:{settings.TRACKING_KEY}".encode(), code.encode(), "sha256")


def count_stock():
    """`{product id: (codes in stock, codes sold)}`."""
    rows = ProductCode.objects.values("product").annotate(
        left=Count("id", filter=Q(buyer=None)), sold=Count("id", filter=Q(buyer__isnull=False))
    )
    return {row["product"]: (row["left"], row["sold"]) for row in rows.order_by()}


def list_low():
    """The active Products with fewer codes in stock than they should have; each with `left`."""
    free = ProductCode.objects.filter(product=OuterRef("pk"), buyer=None).order_by().values("product")
    left = Coalesce(Subquery(free.annotate(count=Count("pk")).values("count")), 0)
    return Product.objects.annotate(left=left).filter(active=True, left__lt=F("low_stock"))


def _read_rows(content):
    try:
        text = content.decode("utf-8-sig")
        # Strict: a quote that is never closed would make one bad line of all that follow.
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row[0].strip()) for row in reader if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise StockRefused("unreadable") from error
    if rows and rows[0][1].lower() in HEADINGS:
        rows = rows[1:]
    if not rows:
        raise StockRefused("empty")
    if len(rows) > MOST_CODES:
        raise StockRefused("many")
    return rows
