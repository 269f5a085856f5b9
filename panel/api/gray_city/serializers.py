"""The bodies of gray-city's orders and answers (contracts: gray-city-v2).

Bodies are only read here; that something is missing, too much or not for sale, the engine says.
Answers have the document's keys in the document's order.
"""

from rest_framework import serializers

from panel.api.gray_city.errors import BAD_LINK, bad_type, bad_value
from panel.api.rest.fields import IdField, TextField, WholeNumberField
from panel.lib.dates import TEHRAN
from panel.lib.tracking import make_tracking_id

QUEUED = "در صف⊷"
STATUS_WORDS = {
    "pending": QUEUED,
    "processing": QUEUED,
    "in_progress": "در حال انجام",
    "completed": "تکمیل شده",
    "partial": "ناقص",
    "canceled": "لغو شده",
    "error": "خطا",
}
TRACKING_WORDS = {
    "pending": "Pending",
    "processing": "Processing",
    "in_progress": "In progress",
    "completed": "Done",
    "partial": "Partial",
    "canceled": "Canceled",
    "error": "Error",
}


def _say(words, *names):
    return {"error_messages": dict.fromkeys(names, words)}


def _service_field(name):
    return IdField(**_say(bad_type(name), "required", "null", "invalid"))


def _link_field():
    return TextField(required=False, allow_null=True, **_say(BAD_LINK, "invalid"))


class CommentsField(serializers.Field):
    """A list of texts, or one text; a line of either is a comment. Reads as the list of those not empty."""

    def to_internal_value(self, data):
        texts = [data] if isinstance(data, str) else data
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.fail("invalid")
        return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


class CategoryOrderBody(serializers.Serializer):
    """A like, view, comment or watch-time order."""

    category = _service_field("category")
    link = _link_field()
    comment = CommentsField(required=False, allow_null=True, **_say(bad_value("comment"), "invalid"))
    count = WholeNumberField(required=False, allow_null=True, **_say(bad_value("count"), "invalid"))


class ProductOrderBody(serializers.Serializer):
    """An order of followers."""

    product = _service_field("product")
    link = _link_field()


class AdsOrderBody(serializers.Serializer):
    """An order of ads."""

    product = _service_field("product")
    description = TextField(required=False, allow_null=True, **_say(bad_value("description"), "invalid"))


class _Placed:
    """What answers to an order work out; their context has the `user` and whether the order `is_new`."""

    def get_user(self, order) -> str:
        return show_user(self.context["user"])

    def get_status(self, order) -> str:
        """A repeat of an earlier call tells how far that order is; a new one is queued, however quick we are."""
        return QUEUED if self.context["is_new"] else STATUS_WORDS[order.status]

    def get_tracking_id(self, order) -> str:
        return make_tracking_id(order.pk)

    def get_created(self, order) -> str:
        return show_time(order.created)

    def get_comments(self, order) -> list[str]:
        return order.fields["comments"].split("\n")


class CountedAnswer(_Placed, serializers.Serializer):
    """Answers an order of likes or views."""

    category = serializers.IntegerField(source="service_id")
    link = serializers.CharField()
    user = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    tracking_id = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()
    count = serializers.IntegerField(source="quantity")


class CommentAnswer(_Placed, serializers.Serializer):
    """Answers an order of comments."""

    category = serializers.IntegerField(source="service_id")
    link = serializers.CharField()
    user = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    tracking_id = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()
    comments = serializers.SerializerMethodField()


class WatchTimeAnswer(_Placed, serializers.Serializer):
    """Answers an order of watch time."""

    category = serializers.IntegerField(source="service_id")
    link = serializers.CharField()
    user = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    tracking_id = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()


class FollowerAnswer(_Placed, serializers.Serializer):
    """Answers an order of followers."""

    product = serializers.IntegerField(source="service_id")
    link = serializers.CharField()
    user = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    tracking_id = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()


class AdsAnswer(_Placed, serializers.Serializer):
    """Answers an order of ads."""

    product = serializers.IntegerField(source="service_id")
    user = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    tracking_id = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()
    description = serializers.CharField(source="fields.description")


class TrackingAnswer(serializers.Serializer):
    """An order as `tracking` tells of it; an order placed elsewhere, for a service without a kind, is `other`."""

    Type = serializers.SerializerMethodField()
    link = serializers.CharField()
    status = serializers.SerializerMethodField()
    initialize_count = serializers.SerializerMethodField()
    uniq_id = serializers.SerializerMethodField()
    date = serializers.SerializerMethodField()

    def get_Type(self, order) -> str:  # noqa: N802 - the document's name
        return order.service.kind or "other"

    def get_status(self, order) -> str:
        return TRACKING_WORDS[order.status]

    def get_initialize_count(self, order) -> int:
        return order.start_count or 0

    def get_uniq_id(self, order) -> str:
        return make_tracking_id(order.pk)

    def get_date(self, order) -> str:
        return show_time(order.created)


class CategoryAnswer(serializers.Serializer):
    """A service of ours as `categories` lists it."""

    id = serializers.IntegerField()
    title = serializers.CharField(source="name")


class TokenAnswer(serializers.Serializer):
    """A key's row; the token itself is only known from the call, so the context has it as `token`."""

    token = serializers.SerializerMethodField()
    user = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()
    last_used = serializers.SerializerMethodField()

    def get_token(self, row) -> str:
        return self.context["token"]

    def get_user(self, row) -> str:
        return show_user(self.context["user"])

    def get_created(self, row) -> str:
        return show_time(row.created)

    def get_last_used(self, row) -> str | None:
        return show_time(row.last_used_at) if row.last_used_at else None


class InfoAnswer(serializers.Serializer):
    """A customer's balance in toman, and how many orders there are of any contract."""

    user = serializers.CharField()
    balance = serializers.IntegerField()
    orders = serializers.IntegerField()


def show_user(customer):
    """How the contract names a customer: the e-mail address as in the document, else the username."""
    return customer.email or customer.username


def show_time(moment):
    """An aware datetime as `YYYY-MM-DD HH:MM:SS` in Tehran."""
    return moment.astimezone(TEHRAN).strftime("%Y-%m-%d %H:%M:%S")
