"""The customer's SMS account and sends at the top of their page in the admin."""

from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)
from sms.models import Send, SmsAccount

created = moment_column("created", _("created"))


def _read_sms(customer):
    account = SmsAccount.objects.filter(customer=customer).select_related("package").first()
    facts = (
        (_("package"), account.package if account and account.package else _("the default")),
        (_("web service"), _("open") if account is None or account.access else _("closed")),
        (_("trial"), _("Yes") if account and account.trial else _("No")),
    )
    newest = Send.objects.filter(customer=customer).defer("text", "values").order_by("-id")[:SHOWN_ROWS]
    rows = tuple(
        (
            link_row("admin:sms_send_change", send),
            send.get_state_display(),
            show_number(send.recipients),
            show_number(send.charge),
            created(send),
        )
        for send in newest
    )
    heads = (_("number"), _("state"), _("recipients"), _("charge"), _("created"))
    return BlockContent(facts, heads, rows, _("They have sent no SMS."))


add_customer_block(
    CustomerBlock(
        title=_("SMS"),
        place=70,
        permission="sms.view_send",
        read=_read_sms,
        all_url=list_of("admin:sms_send_changelist"),
    )
)
