"""`python -m bench.queue_sms_once CUSTOMER SENDER BOOK`: one text to a phonebook; prints what it took, as JSON."""

import json
import resource
import sys
import time

import django


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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mb": peak, "statements": len(queries), "queued": send.recipients}))


if __name__ == "__main__":
    main()
