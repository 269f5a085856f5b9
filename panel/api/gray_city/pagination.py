"""Pages of `categories` (contracts: gray-city-v2): 20 rows, or `page_size` of them up to 30."""

from urllib.parse import urlencode

from django.conf import settings
from rest_framework.pagination import PageNumberPagination


class CategoryPages(PageNumberPagination):
    """`{count, next, previous, results}`; links lead to settings.BASE_URL, whatever host the call was for."""

    page_size = 20
    max_page_size = 30
    page_size_query_param = "page_size"
    last_page_strings = ()

    def get_next_link(self):
        return self._link(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self):
        return self._link(self.page.previous_page_number()) if self.page.has_previous() else None

    def _link(self, number):
        query = {self.page_query_param: number}
        if self.page_size_query_param in self.request.query_params:
            query[self.page_size_query_param] = self.page.paginator.per_page
        return f"{settings.BASE_URL.rstrip('/')}{self.request.path}?{urlencode(query)}"
