"""What is said in the panel, in the reader's language."""

from decimal import Decimal

from django.utils.translation import gettext, override

from panel.lib.dates import format_number


def describe_order_end(order, kind, refund):
    """The notification about an order that ended as `kind` with `refund` toman given back."""
    language = order.customer.language
    with override(language):
        template = {
            "completed": gettext("Order %(id)s (%(service)s) is completed."),
            "partial": gettext("Order %(id)s (%(service)s) was done in part; %(refund)s toman came back."),
            "canceled": gettext("Order %(id)s (%(service)s) was canceled; %(refund)s toman came back."),
            "error": gettext("Order %(id)s (%(service)s) could not be done; %(refund)s toman came back."),
        }[kind]
        return template % {
            "id": order.pk,
            "service": order.service.name,
            "refund": format_number(refund, language),
        }


def describe_adjustment(customer, amount):
    """The notification about toman credited (above 0) or debited (below 0) by hand."""
    language = customer.language
    with override(language):
        template = (
            gettext("Dear %(name)s, your wallet was credited with %(amount)s toman.")
            if amount > 0
            else gettext("Dear %(name)s, %(amount)s toman were taken from your wallet.")
        )
        return template % {"name": str(customer), "amount": format_number(abs(amount), language)}


def describe_set_aside(event, language):
    """The notification for staff about an event whose effects failed again and again."""
    with override(language):
        template = gettext(
            "The effects of %(event)s failed %(times)s times and were set aside. The log says why."
        )
        return template % {"event": f"{type(event).__name__} {event.pk}", "times": event.failures}


def describe_provider_event(event, language):
    """The notification for staff about a provider: what happened and what to do."""
    with override(language):
        template = {
            "paused": gettext(
                "Provider %(provider)s was paused: %(reason)s. Mend the account there, then resume it."
            ),
            "unclear": gettext("Order %(order)s at %(provider)s is unclear: look it up there and decide."),
            "late_acceptance": gettext(
                "%(provider)s took order %(order)s late, as %(upstream_id)s: it may be there twice. Look it up."
            ),
            "unknown_status": gettext(
                "%(provider)s tells “%(status)s” of order %(order)s, which nobody knows."
            ),
            "unreadable_remains": gettext(
                "%(provider)s ended order %(order)s in part without saying what remains."
            ),
            "link_held": gettext(
                "Unclear order %(order)s at %(provider)s keeps others waiting for its link: settle it, or let the"
                " next one go."
            ),
            "low_balance": gettext(
                "Our balance at %(provider)s is low: %(balance)s %(currency)s left. Top it up there."
            ),
            "list_shrank": gettext(
                "The list of %(provider)s lost more than half of its services and was not taken. Look there, then"
                " decide."
            ),
        }[event.kind]
        blanks = dict.fromkeys(("reason", "order", "upstream_id", "status", "balance", "currency"), "")
        data = blanks | event.data | {"provider": event.provider.name}
        if data["balance"]:
            amount = Decimal(data["balance"])
            data["balance"] = format_number(int(amount) if amount == int(amount) else amount, language)
        return template % data
