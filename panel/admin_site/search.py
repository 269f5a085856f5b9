"""Searching big tables by what an index finds: a number, or the login name of a customer."""

from panel.accounts.backends import find_customer
from panel.lib.dates import read_digits, to_latin_digits


class IndexedSearchMixin:
    """Search by `number_lookups` (any of them equals the number) or by a customer's mobile, email or username."""

    number_lookups = ("pk",)
    customer_lookup = "customer_id"
    search_fields = ("pk",)  # shows the search box; the looking is done below

    def get_search_results(self, request, queryset, search_term):
        term = to_latin_digits(search_term).strip().removeprefix("#")
        if not term:
            return queryset, False
        # A mobile number starts with 0 or +, an id never does.
        number = read_digits(term)
        if number is not None and not term.startswith("0"):
            found = queryset.none()
            for lookup in self.number_lookups:
                found |= queryset.filter(**{lookup: number})
            return found, False
        customer = find_customer(term)
        if customer is None:
            return queryset.none(), False
        return self.filter_customer(queryset, customer), False

    def filter_customer(self, queryset, customer):
        """The rows that belong to `customer`."""
        return queryset.filter(**{self.customer_lookup: customer.pk})
