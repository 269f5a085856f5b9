"""The admin of what customers sent: seen, and how far it got; nothing is changed by hand."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column, show_number
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.lib.secrets import InvalidToken
from sms.models import Message, Send
from sms.states import count_messages

sender = ltr_column("sender", _("sent from"))
recipients = number_column("recipients", _("recipients"))
charge = number_column("charge", _("charge"))
refunded = number_column("refunded", _("refunded"))
created = moment_column("created", _("created"))
send_at = moment_column("send_at", _("to be sent"))


class CountingList(ChangeList):
    """Counts the messages of a page's sends in one statement, from an index."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = count_states(list(self.result_list))


def count_states(sends):
    """The same sends with `states`: `{state: how many messages}`."""
    counts = count_messages([send.pk for send in sends])
    for send in sends:
        send.states = {}
        for (state, _code), count in counts[send.pk].items():
            send.states[state] = send.states.get(state, 0) + count
    return sends


@admin.display(description=_("messages"))
def state_links(send):
    """How many messages have which state, each a link to them."""
    if not hasattr(send, "states"):
        count_states([send])
    address = reverse("admin:sms_message_changelist")
    rows = (
        (address, send.pk, state.value, state.label, show_number(send.states[state.value]))
        for state in Message.State
        if state.value in send.states
    )
    link = '<a href="{}?send__id__exact={}&state__exact={}">{}: {}</a>'
    return format_html_join(", ", link, rows) or EMPTY


@admin.register(Send)
class SendAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by number or by the customer's login name."""

    list_display = (
        "id",
        "customer",
        "state",
        state_links,
        recipients,
        charge,
        refunded,
        created,
        send_at,
        sender,
        "channel",
    )
    list_filter = ("state", "channel", "advertising")
    list_select_related = ("customer",)
    list_per_page = 25
    ordering = ("-id",)
    fields = readonly_fields = (
        "customer",
        "channel",
        "state",
        "reason",
        state_links,
        sender,
        "shown_text",
        "flash",
        "advertising",
        "pattern",
        "book",
        recipients,
        number_column("parts", _("parts")),
        number_column("part_price", _("price of a part")),
        charge,
        refunded,
        created,
        send_at,
        moment_column("queued_at", _("queued")),
        "repeat_unit",
        "repeats_left",
        "follows",
    )

    def get_changelist(self, request, **kwargs):
        return CountingList

    def get_queryset(self, request):
        # A scheduled one holds all its numbers; its text is decrypted where it is shown.
        return super().get_queryset(request).defer("text", "values", "numbers")

    @admin.display(description=_("text"))
    def shown_text(self, send):
        try:
            return send.text
        except InvalidToken:
            return _("can't be read: its key is no longer among FIELD_KEYS")
