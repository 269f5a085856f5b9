"""What SMS tells those above it; receivers only insert rows, in the transaction of what happened."""

from django.dispatch import Signal

gateway_paused = Signal()  # gateway: a Gateway that was paused because of our account there
send_refused = Signal()  # send: a scheduled Send that was not made when its time came
