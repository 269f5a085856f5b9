"""`python -m bench.queue_sms_once CUSTOMER SENDER BOOK`: one text to a phonebook; prints what it took, as JSON."""

import json
import sys
import time

import django

from bench.memory import read_peak_memory


def main() -> None:
    """Queue the text, and print the seconds, the peak of resident memory in MB and the number of statements."""
    django.setup()
    # Models can be imported only once Django is set up.
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from sms.drafts import SendRequest
    from sms.models import Send
    from sms.sends import send_text

    customer, sender, book = sys.argv[1:]
    request = SendRequest(sender=sender, text="تخفیف ویژه امروز فقط تا ساعت ۱۲", book_id=int(book))
    connection.ensure_connection()
    start = time.monotonic()
    with CaptureQueriesContext(connection) as queries:
        send = send_text(int(customer), Send.Channel.API, request)
    seconds = time.monotonic() - start
    taken = {"seconds": seconds, "mb": read_peak_memory(), "statements": len(queries)}
    print(json.dumps(taken | {"queued": send.recipients}))


if __name__ == "__main__":
    main()
