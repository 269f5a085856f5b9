"""likenama's operations below /api/ in the order of the contract, for its document."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from panel.api.docs.documents import INSTAGRAM_TOKEN, JSON, PURCHASE_TOKEN, reference
from panel.api.docs.generation import Operation
from panel.api.docs.likenama_shapes import describe_one, describe_several
from panel.api.docs.panel_app_shapes import build_list, build_object
from panel.api.docs.panel_app_words import number_in_path
from panel.api.likenama import bundles, campaigns, messages, products, users

TOKEN_HEADER = "token"  # noqa: S105 - the name of a security scheme
ACCEPT = "application/vnd.likenama.v1"
CLASS_ID = 1092
CAMPAIGN_ID = 2578
PRODUCT_ID = 54
SKU = "coins-100"
USER = {"username": "sample_username", "like_credit": 20_000, "coin_credit": 10_002}
CAMPAIGN = {
    "id": 2422,
    "target_url": "https://www.instagram.com/p/CA2-Sn-n9YX/",
    "campaign_type": "instagram_liking",
    "payment_type": "like",
    "status": "در حال نمایش",
    "budget": 1000,
    "total_likes": 0,
}
CLASS = {
    "id": CLASS_ID,
    "campaign_type": "instagram_liking",
    "payment_type": "like",
    "waiting": 0,
    "max_user_likes": 2000,
    "campaign_value": 10,
    "fields": {"description": False, "phone": False, "website": False, "address": False},
}
PRODUCT = {
    "id": PRODUCT_ID,
    "title": "Top-up of 10,000",
    "product_type": "mobiletopup",
    "price": 6398,
    "description": "A code that tops up a mobile.",
}
BUNDLE = {"bazaar_sku": SKU, "price": 20_000, "coins": 100, "free_coins": 10}
TEXTS = {
    "description": "Fresh bread every morning.",
    "phone": "09123456789",
    "website": "https://bakery.example/",
    "address": "12 Baker Street",
}


def list_calls():
    """The operations in the active language."""
    return [*_list_campaigns(), *_list_liking(), *_list_shop(), *_list_bundles(), *_list_people()]


def _call(name, method, path, view, summary, answer, description="", body=None, **more):
    parameters = (_describe_accept(), *more.pop("parameters", ()))
    return Operation(
        name,
        method,
        f"/api/{path}",
        view,
        summary,
        answer,
        description,
        auth=TOKEN_HEADER,
        body=body,
        media=(JSON,),
        parameters=parameters,
        **more,
    )


def _describe_accept():
    return OpenApiParameter(
        "Accept",
        {"type": "string", "enum": [ACCEPT, JSON, "*/*"]},
        "header",
        description=_("The version that you speak; without a version it is the first."),
        examples=[OpenApiExample("example", value=ACCEPT)],
    )


def _list_campaigns():
    made = (201, _("The campaign was made and waits for review. The answer has no body."), {})
    content = {"campaign_class_id": str(CLASS_ID), "target_url": CAMPAIGN["target_url"], "budget": "1000"}
    return [
        _call(
            "campaigns",
            "get",
            "campaigns",
            campaigns.CampaignsView,
            _("Your campaigns"),
            (
                describe_several("campaigns", reference("Campaign")),
                _("Your campaigns, the newest first."),
                {"campaigns": [CAMPAIGN]},
            ),
            _(
                "budget is what the campaign was given, total_likes how many likes it has paid. status tells in "
                "Persian where it stands: «%(pending)s» waits for review, «%(available)s» is shown, «%(rejected)s» "
                "was rejected, «%(ended)s» has ended, «%(unavailable)s» has lost its picture."
            )
            % {state.value: words for state, words in campaigns.STATUSES.items()},
        ),
        _call(
            "campaign_classes",
            "get",
            "campaigns/new",
            campaigns.ClassesView,
            _("Classes of campaigns"),
            (
                describe_one("campaign_classes", build_list(reference("CampaignClass"))),
                _("What a campaign can be made of now."),
                {"campaign_classes": [CLASS]},
            ),
            _(
                "campaign_value leaves the budget with each like, in the currency payment_type; waiting is how many "
                "seconds pass between two likes of one person, max_user_likes how many likes one person is paid for "
                "in a day; fields says which texts a campaign may carry. When a price changes the class gets a new "
                "id, so read this list before you make a campaign."
            ),
        ),
        _call(
            "campaign_create",
            "post",
            "campaigns",
            campaigns.CampaignsView,
            _("Make a campaign"),
            None,
            _(
                "The budget leaves your wallet at once. What is left of it comes back when the campaign is rejected, "
                "stopped, or its picture is gone. Texts that the class has no room for are passed by."
            ),
            body=(reference("CampaignBody"), {"campaign": content | TEXTS}),
            bodiless=(made,),
        ),
    ]


def _list_liking():
    shown = {
        "id": CAMPAIGN_ID,
        "payment_type": "like",
        "coin_user_share": 0,
        "like_user_share": 5,
        "waiting": 0,
        "cover": f"{settings.BASE_URL}/covers/{'3f' * 32}",
        **TEXTS,
    }
    campaign = (number_in_path("campaign_id", _("The id of the campaign."), CAMPAIGN_ID),)
    return [
        _call(
            "campaign_next",
            "get",
            "campaigns/next",
            campaigns.NextView,
            _("The next campaign to like"),
            (
                describe_one("campaign", reference("NextCampaign")),
                _("A campaign that you can like now."),
                {"campaign": shown},
            ),
            _(
                "Never one of your own, one that you liked or reported, or one without budget. Of the two shares the "
                "one in payment_type is what a like pays you. cover is the address of the picture here, null until "
                "we have it; texts are empty where there are none."
            ),
        ),
        _call(
            "campaign_like",
            "post",
            "campaigns/{campaign_id}/like",
            campaigns.LikeView,
            _("Be paid for a like"),
            (
                describe_one("user", reference("User")),
                _("The like was paid; this is what you have now."),
                {"user": USER},
            ),
            _(
                "Like the picture at Instagram first: Instagram is asked with the access token, which is used for "
                "this one question and kept nowhere. A like is paid once for each person and campaign; the same call "
                "again is answered alike and pays nothing. What was paid for a like that is gone from Instagram "
                "within a day can be taken back."
            ),
            body=(reference("LikeBody"), {"like": {"access_token": INSTAGRAM_TOKEN}}),
            parameters=campaign,
        ),
        _call(
            "campaign_report",
            "post",
            "campaigns/{campaign_id}/report",
            campaigns.ReportView,
            _("Report a campaign"),
            None,
            _("You are not shown the campaign again; enough reports let a person look at it."),
            parameters=campaign,
            bodiless=(
                (200, _("You had reported it before. The answer has no body."), {}),
                (201, _("It is reported. The answer has no body."), {}),
            ),
        ),
    ]


def _list_shop():
    sold = build_object(code={"type": "string"}, product=reference("Product"))
    return [
        _call(
            "products",
            "get",
            "products",
            products.ProductsView,
            _("Products"),
            (
                describe_several("products", reference("Product")),
                _("What coins can buy now."),
                {"products": [PRODUCT]},
            ),
            _("price is in coins."),
        ),
        _call(
            "product_purchase",
            "post",
            "products/{product_id}/purchase",
            products.BuyProductView,
            _("Buy a product"),
            (
                describe_one("detail", sold),
                _("The code is yours."),
                {"detail": {"code": "5381-2204-9917", "product": PRODUCT}},
            ),
            _(
                "The coins leave your wallet, and a code that nobody else gets is yours. Keep it: this API tells it "
                "only here, the panel's page of the shop shows it once more."
            ),
            parameters=(number_in_path("product_id", _("The id of the product."), PRODUCT_ID),),
        ),
    ]


def _list_bundles():
    sku = OpenApiParameter(
        "sku",
        {"type": "string", "minLength": 1, "maxLength": 64},
        "path",
        required=True,
        description=_("The bazaar_sku of the bundle."),
        examples=[OpenApiExample("example", value=SKU)],
    )
    return [
        _call(
            "bundles",
            "get",
            "bundles",
            bundles.BundlesView,
            _("Bundles of coins"),
            (
                describe_several("bundles", reference("Bundle")),
                _("What Cafe Bazaar sells for this app."),
                {"bundles": [BUNDLE]},
            ),
            _("price is in toman; free_coins come on top of coins."),
        ),
        _call(
            "bundle_purchase",
            "post",
            "bundles/{sku}/purchase",
            bundles.BuyBundleView,
            _("Get the coins of a bundle"),
            None,
            _(
                "Sell the bundle in the app, then send the purchase token. The store is asked whether it was paid; "
                "the coins are credited once, however often the token is sent, and we consume the purchase at the "
                "store. When the store gives no clear answer we go on asking: send the token again later, or wait."
            ),
            body=(reference("BundleBody"), {"bundle": {"purchase_token": PURCHASE_TOKEN}}),
            parameters=(sku,),
            bodiless=((201, _("The coins are in your wallet. The answer has no body."), {}),),
        ),
    ]


def _list_people():
    message = {
        "email": "sample@example.com",
        "title": "A decent title for this message.",
        "content": "My like was not paid.",
    }
    return [
        _call(
            "user_self",
            "get",
            "users/self",
            users.SelfView,
            _("Your account"),
            (describe_one("user", reference("User")), _("Your name and what you have."), {"user": USER}),
            _("username is your name at Instagram, or that of your account here."),
        ),
        _call(
            "message_send",
            "post",
            "messages",
            messages.MessagesView,
            _("Write to staff"),
            None,
            _("The message becomes a ticket, which is answered in the panel."),
            body=(reference("MessageBody"), {"message": message}),
            bodiless=((201, _("It was sent. The answer has no body."), {}),),
        ),
    ]
