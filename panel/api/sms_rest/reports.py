"""Reports (contracts: sms-gateway-rest, «وب‌سرویس‌های گزارش‌گیری»)."""

from django.conf import settings
from django.utils import timezone

from panel.api.sms_rest.base import AccountView, answer
from panel.api.sms_rest.contents import read_id, read_query
from panel.api.sms_rest.times import format_time
from panel.lib.mobile import national_mobile
from sms.gateway.codes import ReportState
from sms.models import Message
from sms.refusals import SmsRefused
from sms.states import find_latest_send, find_send_states

MOST_IDS = 1_000


class LatestView(AccountView):
    """`GET sms/latest`: what the caller sent last, here or in the dashboard."""

    nothing = {"details": None}

    def get(self, request):
        send = find_latest_send(request.user.pk)
        if send is None:
            raise SmsRefused(ReportState.NO_REPORT)
        details = {
            "id": send.pk,
            "message": send.text,
            "recipients": _list_recipients(send),
            "from": send.sender,
            "state": int(find_send_states(request.user.pk, [send.pk])[send.pk]),
            "now": format_time(timezone.now()),
            "time": format_time(send.queued_at),
        }
        return answer({"status": int(ReportState.DONE), "details": details})


class StatusView(AccountView):
    """`GET sms/status`: where messages are, in the order of `idArray`, from a JSON body or else from the query."""

    nothing = {"result": []}

    def get(self, request):
        given = self.content.get("idArray")
        asked = (
            read_query(request, "idArray") if given is None else given if isinstance(given, list) else [given]
        )
        if not asked:
            raise SmsRefused(ReportState.NO_MESSAGES)
        if len(asked) > MOST_IDS:
            raise SmsRefused(ReportState.TOO_MANY_MESSAGES)
        ids = [read_id(one) for one in asked]
        states = find_send_states(request.user.pk, ids)
        return answer({"status": int(ReportState.DONE), "result": [int(states[one]) for one in ids]})


def _list_recipients(send):
    """Its numbers as people here write them: as many as a call may name, for a phonebook can hold a million."""
    numbers = Message.objects.filter(send=send).order_by("to").values_list("to", flat=True)
    return [national_mobile(number) for number in numbers[: settings.SMS_MAX_NUMBERS]]
