"""gray-city's OpenAPI document: generated from its views, with the words that they can't tell (gray-city-v2)."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    PolymorphicProxySerializer,
    inline_serializer,
)
from rest_framework import serializers as fields

from panel.api.docs.documents import KEY
from panel.api.docs.generation import Contract, Operation, generate_document
from panel.api.docs.gray_city_errors import list_errors
from panel.api.gray_city import serializers, views

LINK = "https://www.aparat.com/v/hashd"
PROFILE = "https://www.aparat.com/UserName"
TRACKING_ID = "d6a10c3c7fbf"
_KEY = "key"
_PLACED = {
    "link": LINK,
    "user": "reseller@example.com",
    "status": serializers.QUEUED,
    "tracking_id": TRACKING_ID,
    "created": "2026-01-10 18:18:14",
}
_ORDER_OF_KEYS = ("category", "product", "link", "user", "status", "tracking_id", "created")


def build_gray_city():
    """The document in the active language."""
    scheme = {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": _("The word Token, a space, and your API key."),
        "x-example": f"Token {KEY}",
    }
    contract = Contract(
        title="gray-city v2",
        version="2",
        description=_(
            "The reseller API of a video-platform panel. Your API key stands in the header Authorization. What "
            "this contract calls a category or product is a service of ours. Refusals have an HTTP status and "
            "their reason in detail; its words are Persian and part of the contract."
        ),
        operations=[*_list_accounts(), *_list_count_orders(), *_list_piece_orders(), _describe_tracking()],
        security={_KEY: scheme},
        errors=list_errors(),
        envelope=lambda row: {"detail": row.text},
        error_schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["detail"],
            "properties": {"detail": {"type": "string"}},
        },
        fields=_describe_fields(),
        needed=frozenset({"link", "description"}),
    )
    return generate_document(contract)


def _describe_fields():
    service = _("The id of the service, from Services.")
    return {
        "category": service,
        "product": service,
        "link": _("The address of the video, or of the profile for followers."),
        "count": _("How many, hours for watch time; needed but for comments. Persian digits do too."),
        "comment": _("For comments: a list, or one text with a line for each."),
        "description": _("The text of the advertisement."),
    }


def _list_accounts():
    token = {
        "token": KEY,
        "user": "reseller@example.com",
        "created": "2026-01-10 18:18:14",
        "last_used": "2026-01-11 09:00:00",
    }
    info = {"user": "reseller@example.com", "balance": 100_000, "orders": 12}
    return [
        Operation(
            name="user_token",
            method="get",
            path="/api/v2/user/token/",
            view=views.UserTokenView,
            summary=_("About the key"),
            answer=(
                serializers.TokenAnswer,
                _("The key, whose it is, and when it was made and last used."),
                token,
            ),
            auth=_KEY,
        ),
        Operation(
            name="user_info",
            method="get",
            path="/api/v2/user/info/",
            view=views.UserInfoView,
            summary=_("Balance and number of orders"),
            answer=(serializers.InfoAnswer, _("The balance in toman and how many orders there are."), info),
            auth=_KEY,
        ),
        _describe_categories(),
    ]


def _describe_categories():
    page = inline_serializer(
        "CategoryPage",
        {
            "count": fields.IntegerField(),
            "next": fields.CharField(allow_null=True),
            "previous": fields.CharField(allow_null=True),
            "results": serializers.CategoryAnswer(many=True),
        },
    )
    rows = [{"id": 1, "title": "لایک آپارات"}, {"id": 2, "title": "ویو آپارات"}]
    return Operation(
        name="categories",
        method="get",
        path="/api/v2/categories/",
        view=views.CategoriesView,
        summary=_("Services"),
        description=_("The services that can be ordered, 20 a page unless you ask for up to 30."),
        answer=(
            page,
            _("One page of services."),
            {"count": 2, "next": None, "previous": None, "results": rows},
        ),
        auth=_KEY,
        parameters=(
            _query("page", _("The number of the page, from 1."), {"type": "integer", "minimum": 1}),
            _query("page_size", _("Services a page."), {"type": "integer", "minimum": 1, "maximum": 30}),
        ),
    )


def _list_count_orders():
    counted = PolymorphicProxySerializer(
        "CategoryOrder", [serializers.CountedAnswer, serializers.CommentAnswer], resource_type_field_name=None
    )
    placed = _("The order as it was placed; for comments with comments in place of count.")
    comments = ["test", "test2"]
    body = {"category": 1, "link": LINK, "count": 50}
    return [
        _describe_order(
            "create_order_v2",
            "/api/v2/order/create/",
            views.CreateOrderView,
            _("Order likes or views"),
            (counted, placed, _place(category=1, count=50)),
            (serializers.CategoryOrderBody, body),
        ),
        _describe_order(
            "create_order",
            "/api/order/create/",
            views.CreateOrderView,
            _("Order comments"),
            (counted, placed, _place(category=3, comments=comments)),
            (serializers.CategoryOrderBody, {"category": 3, "link": LINK, "comment": comments}),
            _(
                "One operation with the one above: both addresses take likes, views and comments. comment is a "
                "list, or one text with a line for each; count may be left out."
            ),
        ),
        _describe_order(
            "create_watch_time",
            "/api/order/watch-time/create/",
            views.CreateWatchTimeView,
            _("Order watch time"),
            (serializers.WatchTimeAnswer, _("The order as it was placed."), _place(category=4)),
            (serializers.CategoryOrderBody, body | {"category": 4}),
            _("count is hours. The video has to be longer than two minutes."),
        ),
    ]


def _list_piece_orders():
    placed = _("The order as it was placed.")
    ads = _place(product=7, description="Ads Description")
    return [
        *(
            _describe_order(
                f"create_{name}",
                f"/api/order/{name.replace('_', '-')}/create/",
                view,
                summary,
                (serializers.FollowerAnswer, placed, _place(product=number) | {"link": PROFILE}),
                (serializers.ProductOrderBody, {"product": number, "link": PROFILE}),
                _("Followers are sold in packs; the size of the pack belongs to the service."),
            )
            for name, number, view, summary in (
                ("follower", 5, views.CreateFollowerView, _("Order followers")),
                ("follower_pro", 6, views.CreateFollowerProView, _("Order pro followers")),
            )
        ),
        _describe_order(
            "create_ads",
            "/api/order/ads/create/",
            views.CreateAdsView,
            _("Order an advertisement"),
            (serializers.AdsAnswer, placed, {name: value for name, value in ads.items() if name != "link"}),
            (serializers.AdsOrderBody, {"product": 7, "description": "Ads Description"}),
        ),
    ]


def _describe_order(name, address, view, summary, answer, body, description=""):
    return Operation(name, "post", address, view, summary, answer, description, _KEY, body, repeatable=True)


def _describe_tracking():
    answer = {
        "Type": "view",
        "link": LINK,
        "status": "Done",
        "initialize_count": 100,
        "uniq_id": TRACKING_ID,
        "date": "2026-01-10 18:18:14",
    }
    example = [OpenApiExample("example", value=TRACKING_ID)]
    tracking_id = OpenApiParameter(
        "tracking_id",
        {"type": "string", "pattern": "^[0-9a-f]{12}$"},
        required=True,
        description=_("The tracking id that placing the order answered."),
        examples=example,
    )
    return Operation(
        name="tracking",
        method="get",
        path="/api/order/tracking/",
        view=views.TrackingView,
        summary=_("Where an order stands"),
        description=_("Your own orders only, whichever contract they were placed through."),
        answer=(serializers.TrackingAnswer, _("Kind, status, start count and time of the order."), answer),
        auth=_KEY,
        parameters=(tracking_id,),
    )


def _query(name, description, schema):
    return OpenApiParameter(name, schema, description=description)


def _place(**told):
    answer = _PLACED | told
    known = {name: answer[name] for name in _ORDER_OF_KEYS if name in answer}
    return known | answer
