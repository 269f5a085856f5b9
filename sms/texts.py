"""What is said by SMS of orders and payments, in the customer's language."""

from django.utils.translation import gettext, override

from panel.lib.dates import format_number


def describe_order_end(order, kind, refund):
    """The SMS about an order that ended as `kind` with `refund` toman given back, or None for other kinds."""
    language = order.customer.language
    with override(language):
        template = {
            "completed": gettext("Your order %(id)s is completed."),
            "partial": gettext(
                "Your order %(id)s was done in part. %(refund)s toman are back in your wallet."
            ),
            "canceled": gettext("Your order %(id)s was canceled. %(refund)s toman are back in your wallet."),
            "error": gettext(
                "Your order %(id)s could not be done. %(refund)s toman are back in your wallet."
            ),
        }.get(kind)
        return template and template % {"id": order.pk, "refund": format_number(refund, language)}


def describe_payment(customer, amount, bonus):
    """The SMS about `amount` toman that were paid and `bonus` that came on top."""
    language = customer.language
    with override(language):
        template = (
            gettext("Your payment of %(amount)s toman is in your wallet, with %(bonus)s toman on top.")
            if bonus
            else gettext("Your payment of %(amount)s toman is in your wallet.")
        )
        return template % {
            "amount": format_number(amount, language),
            "bonus": format_number(bonus, language),
        }
