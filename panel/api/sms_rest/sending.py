"""Sending (contracts: sms-gateway-rest, «وب‌سرویس‌های ارسال پیامک»). What may be sent is the engine's to judge."""

from django.conf import settings

from panel.api.rest.fields import read_whole
from panel.api.sms_rest.base import AccountView, answer, name_trouble
from panel.api.sms_rest.contents import (
    as_text,
    as_texts,
    read_id,
    read_number,
    read_switch,
    read_text,
    read_texts,
)
from sms.drafts import SendRequest
from sms.gateway.codes import PhonebookState, SendState
from sms.models import Send
from sms.refusals import SmsRefused
from sms.schedules import read_send_time, schedule_text
from sms.sends import send_text

CHANNEL = str(Send.Channel.API)
ARRAYS = ("fromArray", "recipients", "messageArray", "typeArray")


class SendingView(AccountView):
    """Answers `{"status", "id"}`: the id names the whole send, however many recipients it has."""

    nothing = {"id": 0}

    def post(self, request):
        send = self.send(request.user.pk)
        return answer({"status": int(SendState.DONE), "id": send.pk})

    def send(self, customer_id):
        """Do what the content asks for and return the Send. Raises SmsRefused."""
        raise NotImplementedError

    def read_request(self, **fields):
        """The SendRequest of what all of these operations have, with `fields` on top."""
        return SendRequest(
            sender=read_number(read_text(self.content, "from", SendState.WRONG_NUMBER)),
            numbers=read_texts(self.content, "recipients"),
            **fields,
        )


class SendView(SendingView):
    """`POST sms/send`: one text to all recipients."""

    def send(self, customer_id):
        text, flash = read_text(self.content, "message"), read_flash(self.content.get("type"))
        return send_text(customer_id, CHANNEL, self.read_request(text=text, flash=flash))


class FutureSendView(SendingView):
    """`POST sms/future-send`: one text at its time, once or again and again.

    `prtrys` is the unit of the repetition and `sentPeriod` how many times in all; both empty are once.
    """

    def send(self, customer_id):
        moment, jalali = read_send_time(read_text(self.content, "sendDate", SendState.WRONG_TIME))
        return schedule_text(
            customer_id,
            CHANNEL,
            self.read_request(text=read_text(self.content, "message")),
            moment,
            unit=read_text(self.content, "prtrys", SendState.WRONG_TIME).strip().lower(),
            times=self._read_times(),
            jalali=jalali,
        )

    def _read_times(self):
        text = read_text(self.content, "sentPeriod", SendState.WRONG_TIME)
        times = read_whole(text) if text.strip() else 1
        if times is None:
            raise SmsRefused(SendState.WRONG_TIME)
        return times


class PatternSendView(SendingView):
    """`POST sms/pattern-send`: a pattern of the caller's, filled with `message`."""

    def send(self, customer_id):
        request = self.read_request(
            flash=read_flash(self.content.get("type")),
            pattern_id=read_id(self.content.get("patternId")),
            values=self._read_values(),
        )
        return send_text(customer_id, CHANNEL, request)

    def _read_values(self):
        values = self.content.get("message")
        if values is None or values == []:  # an empty object as PHP writes it
            return {}
        if not isinstance(values, dict):
            raise SmsRefused(SendState.MISMATCH)
        if None in values.values():
            raise SmsRefused(SendState.MISMATCH)
        return {as_text(name): as_text(value) for name, value in values.items()}


class PhonebookSendView(SendingView):
    """`POST sms/phonebook-send`: one text to a phonebook and to `recipients`, each number once."""

    def send(self, customer_id):
        book_id = read_id(self.content.get("bookId"))
        if not book_id:
            raise SmsRefused(PhonebookState.NOT_FOUND)
        request = self.read_request(
            text=read_text(self.content, "message"),
            flash=read_flash(self.content.get("type")),
            book_id=book_id,
        )
        return send_text(customer_id, CHANNEL, request)


class MultipleSendView(AccountView):
    """`POST sms/multiple-send`: different texts, each with its own outcome.

    The document's result is a list with an entry for each message, so a code for the whole call (account states,
    arrays of different length, too many recipients) stands there once for each message of the longest array: a client
    that reads entry by entry finds it, and ours, which checks the list's length, takes none for sent.
    """

    def show_code(self, code):
        given = [self.content[name] for name in ARRAYS if isinstance(self.content.get(name), list)]
        # No call may have more messages than recipients, and an answer need not be longer than that.
        count = min(max(map(len, given), default=0), settings.SMS_MAX_NUMBERS)
        return [_tell_refusal(code)] * max(count, 1)

    def post(self, request):
        rows = self._read_rows()
        return answer([_send_row(request.user.pk, row) for row in rows])

    def _read_rows(self):
        """`(from, recipients, message, type)` of each message, as they came. Raises SmsRefused."""
        arrays = [self.content.get(name) for name in ARRAYS]
        if arrays[-1] is None and isinstance(arrays[0], list):
            arrays[-1] = [None] * len(arrays[0])  # as without `type` in `sms/send`
        if not all(isinstance(array, list) for array in arrays) or len({len(array) for array in arrays}) > 1:
            raise SmsRefused(SendState.MISMATCH)
        if not arrays[0]:
            raise SmsRefused(SendState.NO_RECIPIENTS)
        named = sum(len(numbers) for numbers in arrays[1] if isinstance(numbers, list))
        if max(named, len(arrays[0])) > settings.SMS_MAX_NUMBERS:
            raise SmsRefused(SendState.TOO_MANY_RECIPIENTS)
        return list(zip(*arrays, strict=True))


def read_flash(value):
    """Whether `type` asks for a flash message; none at all asks for a normal one. Raises SmsRefused: 28."""
    flash = read_switch(value, default=False)
    if flash is None:
        raise SmsRefused(SendState.MISMATCH)
    return flash


def _send_row(customer_id, row):
    """The outcome of one message. Those before it are sent, so no trouble with it may become the whole answer."""
    try:
        return {"status": int(SendState.DONE), "id": send_text(customer_id, CHANNEL, _read_row(*row)).pk}
    except Exception as error:  # noqa: BLE001 - see above; what is no refusal is logged by name_trouble
        return _tell_refusal(name_trouble(error))


def _read_row(sender, recipients, message, kind):
    return SendRequest(
        sender=read_number(as_text(sender, SendState.WRONG_NUMBER)),
        text=as_text(message),
        numbers=as_texts(recipients),
        flash=read_flash(kind),
    )


def _tell_refusal(code):
    return {"status": int(code), "id": 0}
