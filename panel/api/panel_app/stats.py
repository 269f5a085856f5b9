"""Who spends most and what is ordered most, for everybody (contracts: panel-app-v1, stats).

All of it was added up before (orders/stats.py); names and numbers are told as far as the document's example does.
"""

from datetime import UTC, datetime

from orders.service_types import is_dripfed
from orders.stats import TOP, find_top_customers, find_top_services
from panel.api.panel_app.base import PanelView, answer, read_parameters, unix
from panel.api.panel_app.catalogue import read_number
from panel.api.rest.fields import HIGHEST_ID
from panel.lib.mobile import national_mobile

LAST_MOMENT = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())  # whole: floats round up
HIDDEN_NAME = "..."
SHOWN_FIRST, SHOWN_LAST = 4, 3  # digits of a mobile number


class TopUsersView(PanelView):
    """`GET stats/top_users`: by what they spent, since the day (UTC) of the moment `offset` or ever."""

    http_method_names = ["get", "head"]
    authentication_classes = ()

    def get(self, request):
        given = read_parameters(request)
        limit = min(read_number(given, "limit", 1, HIGHEST_ID) or TOP, TOP)
        offset = read_number(given, "offset", 0, LAST_MOMENT)
        since = datetime.fromtimestamp(offset, UTC).date() if offset else None
        return answer(users=[_describe_user(customer) for customer in find_top_customers(since)[:limit]])


class TopServicesView(PanelView):
    """`GET stats/top_services`: by how often they were ordered."""

    http_method_names = ["get", "head"]
    authentication_classes = ()

    def get(self, request):
        return answer(
            services=[
                {"service_id": row.service_id, "count": row.orders, "service": _describe_service(row.service)}
                for row in find_top_services()
            ]
        )


def mask_mobile(mobile):
    """`0930****399` of an E.164 number; None of none."""
    if not mobile:
        return None
    text = national_mobile(mobile)
    return f"{text[:SHOWN_FIRST]}****{text[-SHOWN_LAST:]}"


def _describe_user(customer):
    return {
        "id": customer.pk,
        "first_name": customer.first_name,
        "last_name": HIDDEN_NAME,
        "mobile": mask_mobile(customer.mobile),
        "order_count": customer.order_count,
        "custom_rate": customer.percent_off,
        "amount": customer.spent,
    }


def _describe_service(service):
    return {
        "id": service.pk,
        "ids": None,
        "uid": None,
        "cate_id": service.category_id,
        "name": service.name,
        "desc": service.description,
        "price": service.price,
        "original_price": service.original_price,
        "min": service.min,
        "max": service.max,
        "add_type": "api",
        "type": service.type,
        "api_service_id": None,
        "api_provider_id": None,
        "dripfeed": int(service.dripfeed and is_dripfed(service.type)),
        "status": int(service.active),
        "changed": unix(service.changed),
        "created": unix(service.created),
    }
