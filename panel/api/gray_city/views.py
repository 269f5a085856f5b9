"""The ten operations of gray-city's reseller API (contracts: gray-city-v2): each translates and asks the engine."""

from rest_framework.response import Response

from orders import lookup
from orders.catalogue import find_service_kind, list_services_by_kind
from orders.models import Order
from orders.refusals import OrderRefused, Refusal
from orders.services import OrderRequest, place_order_by_token
from panel.accounts.models import ApiToken
from panel.api.gray_city.auth import TokenAuthentication, read_token
from panel.api.gray_city.errors import (
    BAD_TRACKING,
    FAULT_WORDS,
    FOREIGN,
    OTHER_COUNT,
    UNKNOWN_TRACKING,
    word_refusal,
)
from panel.api.gray_city.kinds import TYPES_BY_KIND, Kind, find_sold_kind
from panel.api.gray_city.pagination import CategoryPages
from panel.api.gray_city.serializers import (
    AdsAnswer,
    AdsOrderBody,
    CategoryAnswer,
    CategoryOrderBody,
    CommentAnswer,
    CountedAnswer,
    FollowerAnswer,
    InfoAnswer,
    ProductOrderBody,
    TokenAnswer,
    TrackingAnswer,
    WatchTimeAnswer,
    show_user,
)
from panel.api.rest.parsers import FormParser, JsonOrFormParser
from panel.api.rest.views import CallRefused, ContractView
from panel.lib.tracking import read_tracking_id

CHANNEL = str(Order.Channel.GRAY_CITY)


class GrayCityView(ContractView):
    """The contract's envelope is `{"detail": words}`; a service is a `product` or a `category` by path."""

    authentication_classes = [TokenAuthentication]
    parser_classes = [JsonOrFormParser, FormParser]  # the document's own examples send a form labelled JSON
    fault_words = FAULT_WORDS
    service_word = "product"

    def show_fault(self, status, words):
        return {"detail": words}

    def word_refusal(self, refused):
        return word_refusal(refused, self.service_word)


class UserTokenView(GrayCityView):
    """`GET /api/v2/user/token/`."""

    def get(self, request):
        row = ApiToken.objects.get(digest=request.auth.digest)
        told = TokenAnswer(row, context={"token": read_token(request), "user": request.user}).data
        return Response(told, headers={"Cache-Control": "no-store"})


class UserInfoView(GrayCityView):
    """`GET /api/v2/user/info/`."""

    def get(self, request):
        info = {
            "user": show_user(request.user),
            "balance": lookup.find_balance(request.auth),
            "orders": Order.objects.filter(customer=request.user, parent=None).count(),
        }
        return Response(InfoAnswer(info).data)


class CategoriesView(GrayCityView):
    """`GET /api/v2/categories/`: the services that this contract sells."""

    def get(self, request):
        pages = CategoryPages()
        rows = pages.paginate_queryset(list_services_by_kind(TYPES_BY_KIND), request, self)
        return pages.get_paginated_response(CategoryAnswer(rows, many=True).data)


class TrackingView(GrayCityView):
    """`GET /api/order/tracking/?tracking_id=`: an own order, whatever contract it was placed through."""

    def get(self, request):
        text = request.query_params.get("tracking_id", "").strip()
        if not text:
            raise CallRefused(400, UNKNOWN_TRACKING)
        try:
            order_id = read_tracking_id(text)
        except ValueError:
            raise CallRefused(400, BAD_TRACKING) from None
        order = Order.objects.select_related("service").filter(pk=order_id, customer=request.user).first()
        if order is None:
            raise CallRefused(400, UNKNOWN_TRACKING)
        return Response(TrackingAnswer(order).data)


class CreateView(GrayCityView):
    """`POST` to one of the order paths: `answers` has the kinds it sells, each with its answer.

    `service_field` names the service in body and answer, `service_word` in the path's errors.
    """

    service_field = "product"
    body = ProductOrderBody
    answers = {}

    def post(self, request):
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        service_id = asked.pop(self.service_field)
        service = find_service_kind(service_id)
        kind = self._find_kind(service)
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
        wanted = OrderRequest(service_id, self.read_values(service, asked), key)
        placed = place_order_by_token(request.auth, CHANNEL, wanted)
        context = {"user": request.user, "is_new": placed.charge is not None}
        order = Order.objects.get(pk=placed.order_id)
        return Response(self.answers[kind](order, context=context).data)

    def read_values(self, service, asked):
        """The body's values under the engine's field names; `service` is a row of find_service_kind."""
        return asked

    def _find_kind(self, service):
        kind = find_sold_kind(service)
        if kind is None:
            raise OrderRefused(Refusal.SERVICE_UNKNOWN)
        if kind not in self.answers:
            raise CallRefused(400, FOREIGN[self.service_word])
        return kind


class CreateOrderView(CreateView):
    """`POST /api/order/create/` and `/api/v2/order/create/`: likes, views and comments at both."""

    service_field = service_word = "category"
    body = CategoryOrderBody
    answers = {Kind.LIKE: CountedAnswer, Kind.VIEW: CountedAnswer, Kind.COMMENT: CommentAnswer}

    def read_values(self, service, asked):
        values = {"link": asked.get("link")}
        count = asked.get("count")
        if service["kind"] != Kind.COMMENT:
            return values | {"quantity": count}
        comments = asked.get("comment") or []
        if comments and count is not None and count != len(comments):
            raise CallRefused(400, OTHER_COUNT)
        return values | {"comments": comments}


class CreateWatchTimeView(CreateOrderView):
    """`POST /api/order/watch-time/create/`: `count` is hours."""

    answers = {Kind.WATCH_TIME: WatchTimeAnswer}


class CreateFollowerView(CreateView):
    """`POST /api/order/follower/create/`: a pack of the service's size."""

    answers = {Kind.FOLLOWER: FollowerAnswer}

    def read_values(self, service, asked):
        return asked | {"quantity": service["pack_size"]}


class CreateFollowerProView(CreateFollowerView):
    """`POST /api/order/follower-pro/create/`."""

    answers = {Kind.FOLLOWER_PRO: FollowerAnswer}


class CreateAdsView(CreateView):
    """`POST /api/order/ads/create/`: one piece, with its description and no link."""

    body = AdsOrderBody
    answers = {Kind.ADS: AdsAnswer}
