"""The admin of the SMS outbox."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import to_latin_digits
from panel.lib.mobile import parse_mobile
from panel.lib.secrets import InvalidToken
from panel.lib.wakeups import wake
from sms.models import Message
from sms.outbox import SEND_TASK

CODE_KINDS = "code"  # login codes and the like: whoever reads one gets in


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
    list_filter = ("state",)
    ordering = ("-id",)
    actions = ("send_again",)
    fields = readonly_fields = (
        "customer",
        ltr_column("to", _("to")),
        "kind",
        "shown_text",
        "state",
        ltr_column("gateway_id", _("gateway id")),
        "delivery_code",
        "tries",
        "error",
        moment_column("created", _("created")),
        moment_column("sent_at", _("sent")),
        moment_column("next_try_at", _("next try")),
        ltr_column("key", _("key")),
    )

    def get_queryset(self, request):
        # Texts are decrypted only where one is shown, and not at all for secret kinds.
        return super().get_queryset(request).defer("text")

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
            return message.text
        except InvalidToken:
            return _("can't be read: its key is no longer among FIELD_KEYS")

    def has_send_again_permission(self, request):
        return request.user.has_perm("sms.change_message")

    @admin.action(description=_("Send failed messages again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        """Queue messages that surely were not sent; unclear ones may have arrived, and codes have expired."""
        failed = queryset.filter(state=Message.State.FAILED).exclude(kind__startswith=CODE_KINDS)
        count = failed.update(state=Message.State.QUEUED, tries=0, next_try_at=timezone.now())
        wake(SEND_TASK)
        words = ngettext("%(count)s message is queued again.", "%(count)s messages are queued again.", count)
        messages.success(request, words % {"count": count})


def count_failed():
    """How many messages failed; a login code that nobody waits for any more is no work."""
    return Message.objects.filter(state=Message.State.FAILED).exclude(kind__startswith=CODE_KINDS).count()


add_work(
    WorkLine(
        label=_("failed SMS"),
        count=count_failed,
        url_name="admin:sms_message_changelist",
        permission="sms.view_message",
        query="?state__exact=failed",
    )
)
