"""import_services: the command that imports an upstream's services."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from orders.models import Category, Service
from providers.models import ImportRule
from tests.factories import make_provider
from tests.providers.sync.steps import look


def run(*words):
    """What the command prints."""
    out = StringIO()
    call_command("import_services", *words, stdout=out, no_color=True)
    return out.getvalue().splitlines()


def test_without_categories_it_prints_those_there_are(provider):
    lines = run(provider.name)
    assert ("Packs: 3, of which 0 imported" in lines, Service.objects.count()) == (True, 0)


def test_categories_are_imported_on_the_terms_given(provider):
    words = ("--into", "Instagram", "--kind", "like", "--margin", "12.5", "--step", "50", "--approve")
    lines = run(provider.name, "--category", "Likes", "Followers", *words, "--import-new")
    assert lines == ["2 services imported, 1 left on the list that can't be sold"]
    assert (look(1)[0], look(2)[0]) == (5100, 1050)
    terms = ("upstream_category", "category__name", "kind", "margin", "step", "mode", "import_new")
    assert list(ImportRule.objects.order_by("upstream_category").values_list(*terms)) == [
        ("Followers", "Instagram", "like", Decimal("12.5"), 50, "approve", True),
        ("Likes", "Instagram", "like", Decimal("12.5"), 50, "approve", True),
    ]


def test_all_categories_go_into_ones_of_their_names(provider):
    assert run(provider.name, "--all") == ["24 services imported, 1 left on the list that can't be sold"]
    assert Service.objects.filter(category__name="Packs").count() == 3


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("--category", "Nowhere"), "not on the list: Nowhere"),
        (("--all", "--margin", "-1"), "margin"),
        (("--all", "--step", "0"), "step"),
        (("--all", "--margin", "NaN"), "margin"),
    ],
)
def test_bad_terms_store_nothing(provider, words, refusal):
    with pytest.raises(CommandError) as refused:
        run(provider.name, *words, "--into", "Ours")
    assert refusal in str(refused.value)
    assert (Service.objects.count(), ImportRule.objects.count(), Category.objects.count()) == (0, 0, 0)


def test_a_silent_upstream_is_told(db, clean_redis):
    with pytest.raises(CommandError, match="the list was not taken: the connection was refused"):
        run(make_provider("http://127.0.0.1:1").name)


def test_an_unknown_provider_is_told(db):
    with pytest.raises(CommandError, match="no provider of that name"):
        run("nobody")
