"""The admin of the SMS outbox."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column
from panel.admin_site.front_page import QueueAge, add_age
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import to_latin_digits
from panel.lib.mobile import parse_mobile
from panel.lib.secrets import InvalidToken
from sms.models import Message
from sms.settling import (
    CODE_KINDS,
    confirm_sent,
    list_failed,
    list_unclear,
    send_failed_again,
    send_unclear_again,
)

SETTLED_AT_ONCE = 100  # each is named in the form, and a form may have 200 fields


@admin.display(description=_("send"))
def send_link(message):
    """The send that it belongs to."""
    if message.send_id is None:
        return EMPTY
    url = reverse("admin:sms_send_change", args=[message.send_id])
    return format_html('<a href="{}"><bdi>#{}</bdi></a>', url, message.send_id)


@admin.register(Message)
class MessageAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """What was sent to whom. Search by number of the row, by mobile or by the customer's login name."""

    list_display = (
        "id",
        moment_column("created", _("created")),
        ltr_column("to", _("to")),
        "kind",
        "state",
        "tries",
        moment_column("sent_at", _("sent")),
        "error",
    )
    list_filter = ("state", "priority")
    ordering = ("-id",)
    actions = ("send_again", "it_arrived", "it_did_not")
    fields = readonly_fields = (
        "customer",
        ltr_column("to", _("to")),
        "kind",
        send_link,
        "template",
        "shown_text",
        "state",
        number_column("parts", _("parts")),
        number_column("cost", _("cost")),
        "via",
        ltr_column("gateway_id", _("gateway id")),
        "delivery_code",
        "tries",
        "error",
        moment_column("created", _("created")),
        moment_column("sent_at", _("sent")),
        moment_column("next_try_at", _("next try")),
        ltr_column("key", _("key")),
        ltr_column("trace", _("id in the logs")),
    )

    def get_queryset(self, request):
        # Texts are decrypted only where one is shown, and not at all for secret kinds.
        return super().get_queryset(request).defer("text", "values")

    def get_search_results(self, request, queryset, search_term):
        try:
            mobile = parse_mobile(to_latin_digits(search_term))
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(to=mobile), False

    @admin.display(description=_("text"))
    def shown_text(self, message):
        if message.kind.startswith(CODE_KINDS):
            return _("hidden: it holds a code")
        try:
            return message.send.text if message.send_id else message.text
        except InvalidToken:
            return _("can't be read: its key is no longer among FIELD_KEYS")

    def has_settle_permission(self, request):
        return request.user.has_perm("sms.change_message")

    @admin.action(description=_("Send failed messages again"), permissions=["settle"])
    def send_again(self, request, queryset):
        """Queue messages that surely were not sent; those of a send were paid back, and codes have expired."""
        count = send_failed_again(queryset.values("pk"))
        words = ngettext("%(count)s message is queued again.", "%(count)s messages are queued again.", count)
        messages.success(request, words % {"count": count})

    @admin.action(description=_("Unclear: it arrived"), permissions=["settle"])
    def it_arrived(self, request, queryset):
        """Asks once, then counts unclear messages as sent."""
        question = _("Did these messages arrive? They count as sent from then on.")
        return self._settle(request, queryset, "it_arrived", question, confirm_sent, _say_arrived)

    @admin.action(description=_("Unclear: it did not, send again"), permissions=["settle"])
    def it_did_not(self, request, queryset):
        """Asks once, then queues unclear messages."""
        question = _("Are you sure that these messages did not arrive? Whoever got one gets it twice.")
        return self._settle(request, queryset, "it_did_not", question, send_unclear_again, _say_queued)

    def _settle(self, request, queryset, name, question, settle, say):
        """The page that asks; with its answer what `settle` does, a line in the history of each message."""
        unclear = queryset.filter(pk__in=list_unclear()).order_by("pk")
        ids = list(unclear.values_list("pk", flat=True)[:SETTLED_AT_ONCE])
        if not ids:
            messages.warning(request, _("None of these messages is unclear, or they hold codes."))
            return None
        if "sure" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": self.get_actions(request)[name][2],
                "opts": self.opts,
                "rows": unclear.filter(pk__in=ids),
                "question": question,
                "action_name": name,
            }
            return TemplateResponse(request, "admin/sms_settle.html", context)
        settled = [row for row in unclear.filter(pk__in=ids) if settle([row.pk])]
        for row in settled:
            self.log_change(request, row, str(say(1)))
        messages.success(request, say(len(settled)))
        return None


def _say_arrived(count):
    words = ngettext("%(count)s message counts as sent.", "%(count)s messages count as sent.", count)
    return words % {"count": count}


def _say_queued(count):
    words = ngettext("%(count)s message is queued again.", "%(count)s messages are queued again.", count)
    return words % {"count": count}


add_work(
    WorkLine(
        label=_("failed SMS"),
        count=list_failed,
        url_name="admin:sms_message_changelist",
        permission="sms.view_message",
        query="?state__exact=failed&send__isnull=True",
    )
)
add_work(
    WorkLine(
        label=_("unclear SMS"),
        count=list_unclear,
        url_name="admin:sms_message_changelist",
        permission="sms.view_message",
        query="?state__exact=unclear",
    )
)


def _list_due(priority):
    """Messages of that priority that could be on their way by now, the first to go first."""
    rows = Message.objects.filter(
        state=Message.State.QUEUED, priority=priority, next_try_at__lte=timezone.now()
    )
    return rows.order_by("next_try_at")


def _add_age(label, priority, late_seconds):
    age = QueueAge(
        label=label,
        rows=lambda: _list_due(priority),
        field="next_try_at",
        permission="sms.view_message",
        url_name="admin:sms_message_changelist",
        query="?state__exact=queued",
        late_seconds=late_seconds,
        quiet=_("none waits"),
    )
    add_age(age)


_add_age(_("SMS with login codes"), Message.Priority.CODE, 30)
_add_age(_("SMS with news"), Message.Priority.EVENT, 120)
