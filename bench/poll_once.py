"""`python -m bench.poll_once`: the polling task, repeated until no order is due; its memory is watched."""

import django
from django.utils import timezone


def main() -> None:
    """Say when polling begins, and end when it is done."""
    django.setup()
    # Models and tasks can be imported only once Django is set up.
    from providers.models import Dispatch
    from providers.tasks import poll_orders

    due = Dispatch.objects.filter(next_poll_at__isnull=False)
    print("polling", flush=True)
    while due.filter(next_poll_at__lte=timezone.now()).exists():
        poll_orders()


if __name__ == "__main__":
    main()
