"""happy-follower's sandbox under `/api/sandbox/v1/`: real keys, play orders, no money and no upstream.

An order walks by itself (orders/trials.py). `credit` is a constant: a balance that never falls would tell nothing
of the real one. `cancel` and `recheck` are not there, and an Idempotency-Key is not looked at.
"""

from orders import lookup
from orders.trials import find_trial, place_trial
from panel.api.happy_follower.auth import SANDBOX
from panel.api.happy_follower.serializers import describe_order, read_order, read_path_id
from panel.api.happy_follower.views import HappyView, succeed

PLAY_CREDIT = 1_000_000  # toman


class TrialOrderView(HappyView):
    """`order`: read as a real one, charged nothing."""

    contract = SANDBOX

    def post(self, request):
        lookup.find_customer_id(request.auth, to_order=True)
        return succeed(orderId=place_trial(request.user, read_order(request)))


class TrialStatusView(HappyView):
    """`status/{id}/`: an order of the sandbox, as old as it is."""

    contract = SANDBOX

    def get(self, request, order_id=""):
        trial = find_trial(request.user, read_path_id(order_id))
        return succeed(**describe_order(trial, trial.charge))


class PlayCreditView(HappyView):
    """`credit/`: always the same."""

    contract = SANDBOX

    def get(self, request):
        return succeed(credit=PLAY_CREDIT)
