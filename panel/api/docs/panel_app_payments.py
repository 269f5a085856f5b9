"""panel-app's payments (contracts: panel-app-v1, user/payment), for the reference."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from panel.api.docs.documents import JSON, reference
from panel.api.docs.panel_app_shapes import TEXT, WHOLE, build_answer
from panel.api.docs.panel_app_words import TOKEN_OR_KEY, get, needed_query, post, query
from panel.api.panel_app import payments
from panel.wallet.payments.models import Payment

AUTHORITY = "S00000000000000000000000000000000000"
BANK_PAGE = f"https://bank.example/pg/StartPay/{AUTHORITY}"


def list_payment_calls():
    """user/payment, user/payment/verify and user/payment/test, in the active language."""
    return [_describe_start(), _describe_test(), _describe_verify()]


def _describe_start():
    begun = {"url": BANK_PAGE, "authority": AUTHORITY}
    bounds = {"least": settings.PAYMENT_MIN, "most": settings.PAYMENT_MAX}
    return post(
        "payment",
        "user/payment",
        payments.PaymentView,
        _("Start a payment"),
        build_answer(
            201, _("Where the customer pays, and the bank's number."), begun, url=TEXT, authority=TEXT
        ),
        _(
            "From %(least)s to %(most)s toman. Send the customer's browser to url. Without Accept: "
            "application/json the answer is HTTP 302 to that address."
        )
        % bounds,
        body=(reference("PaymentBody"), {"amount": 12_000}),
        parameters=(_describe_accept(),),
        bodiless=((302, _("The bank's page is at Location."), _describe_location()),),
        auth=TOKEN_OR_KEY,
    )


def _describe_verify():
    paid = payments.RESULTS[Payment.State.PAID][1]
    return get(
        "payment_verify",
        "user/payment/verify",
        payments.VerifyPaymentView,
        _("How a payment went"),
        build_answer(200, _("It is paid and in the wallet."), {"message": paid}, message=TEXT),
        _(
            "The bank sends the customer's browser here, with a GET or POST. The bank is asked, whatever "
            "Status says, and the money is credited once, however often this is called. Without Accept: "
            "application/json the answer is HTTP 303 to the wallet page."
        ),
        parameters=(
            needed_query("Authority", _("The authority of the payment."), TEXT, AUTHORITY),
            query("Status", _("OK or NOK, as the bank sends it."), TEXT),
            _describe_accept(),
        ),
        bodiless=((303, _("The wallet page is at Location."), _describe_location()),),
    )


def _describe_test():
    round_trip = {"authority": AUTHORITY, "reference": "201", "amount": settings.PAYMENT_MIN}
    return get(
        "payment_test",
        "user/payment/test",
        payments.RehearsalView,
        _("Try the bank out"),
        build_answer(
            200,
            _("One round through the sandbox's bank."),
            round_trip,
            authority=TEXT,
            reference=TEXT,
            amount=WHOLE,
        ),
        _(
            "Nothing is credited. It is there with the sandbox's bank only; a panel with a real bank answers "
            "404."
        ),
    )


def _describe_accept():
    return OpenApiParameter(
        "Accept",
        TEXT,
        "header",
        description=_("application/json for an answer in JSON."),
        examples=[OpenApiExample("example", value=JSON)],
    )


def _describe_location():
    return {"Location": {"schema": TEXT, "description": _("The address to go on at.")}}
