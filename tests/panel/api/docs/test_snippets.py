"""Every example runs as it stands, against the real server, once the reader's own secrets are in it."""

import ast
import io
import json
import shutil
import subprocess
from contextlib import redirect_stdout

import pytest
from django.conf import settings

from orders.models import Order, Service
from panel.accounts.login_tokens import open_login
from panel.accounts.sessions import open_session
from panel.api.docs.calls import Request, Shown, list_calls
from panel.api.docs.contracts import CONTRACTS, find_document
from panel.api.docs.documents import INSTAGRAM_TOKEN, KEY, PURCHASE_TOKEN, REFRESH_TOKEN, TOKEN
from panel.api.docs.gray_city_openapi import TRACKING_ID
from panel.api.docs.panel_app_accounts import CODE
from panel.api.docs.panel_app_payments import AUTHORITY
from panel.api.docs.snippets import write_curl, write_php, write_python
from panel.api.docs.standard_answers import EXAMPLES
from panel.api.happy_follower.auth import HAPPY_FOLLOWER, SANDBOX
from panel.lib.secrets import digest_token
from panel.lib.tracking import make_tracking_id
from panel.wallet.models import Payment
from sms.models import Message
from tests.factories import make_customer, make_key
from tests.panel.api.docs.exchange import make_exchange
from tests.panel.api.docs.shelf import fill_orders, fill_talk, fill_texts
from tests.panel.rewards.conftest import rules  # noqa: F401 - a fixture
from tests.panel.rewards.prizes import make_gift, make_win
from tests.panel.wallet.payments.steps import begin, pay_at_bank
from tests.running import running_web

CALLS = {
    slug: [
        (call, name, request) for call in list_calls(find_document(slug)) for name, request in call.samples
    ]
    for slug in sorted(CONTRACTS, key=lambda slug: slug != "panel-app")  # whose list has all others' orders
}


def run_program(*command):
    """What a program prints. Raises CalledProcessError."""
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def run_python(code):
    """What an example prints, run as a module of its own here: an interpreter for each would take long."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code, {"__name__": "__main__"})  # noqa: S102 - ours
    return printed.getvalue()


RUNNERS = {
    "curl": (write_curl, lambda code: run_program("sh", "-c", code)),
    "python": (write_python, run_python),
    "php": (write_php, lambda code: run_program("php", "-r", code.removeprefix("<?php"))),
}


@pytest.fixture
def customer(transactional_db, clean_redis):
    """Somebody with the services and orders that the examples speak of, and refill 1."""
    customer = make_customer(toman=10_000_000, email="ehsan@example.com")
    fill_orders(customer)
    return customer


@pytest.fixture
def texts(customer):
    """What the SMS gateway's examples speak of: a number to send from, pattern 3, phonebooks 7 and 9."""
    fill_texts(customer)


@pytest.fixture
def exchange(customer):
    """What likenama's examples speak of; its Instagram and its store are the sandbox's."""
    make_exchange(customer)


@pytest.fixture
def app(customer, rules, sandbox, settings):  # noqa: F811
    """What panel-app's examples speak of besides: ticket 19, a read notification, gift 1, and a paid payment."""
    settings.SANDBOX_URL, settings.ZARINPAL_URL = sandbox.url, f"{sandbox.url}/bank"
    fill_talk(customer)
    make_win(customer, make_gift(Service.objects.get(pk=1)))
    pay_at_bank(begin(customer))
    return sandbox


def fill_in(code, slug, key, web):
    """The example with everything in it that its reader would put there."""
    if slug.startswith("happy"):
        contract = SANDBOX if "sandbox" in slug else HAPPY_FOLLOWER
        session = open_session(digest_token(key), HAPPY_FOLLOWER, contract, "127.0.0.1")
        code = code.replace(REFRESH_TOKEN, session.refresh_token).replace(TOKEN, session.token)
    code = code.replace(settings.BASE_URL, web.url).replace(TRACKING_ID, make_tracking_id(23501))
    code = code.replace(INSTAGRAM_TOKEN, "like-token").replace(PURCHASE_TOKEN, "good-purchase")
    return _fill_in_app(code).replace(KEY, key)


def _fill_in_app(code):
    """The login token, the code out of the newest SMS, and the payment that was paid first."""
    if TOKEN in code:
        code = code.replace(TOKEN, open_login(Order.objects.get(pk=23501).customer).token)
    if CODE in code:
        code = code.replace(CODE, Message.objects.latest("pk").text[-6:])
    return code.replace(AUTHORITY, Payment.objects.earliest("pk").authority)


def read_output(language, text, shown):
    """The answer's JSON value out of what the program printed, or else its status."""
    if shown is not Shown.JSON:
        return text.split()[1 if language == "curl" else 0]
    if language == "python":
        return ast.literal_eval(text.partition(" ")[2])
    return json.loads(text.partition(" ")[2] if language == "php" else text)


def find_shape(value):
    """Names and types of a value; of a list the different shapes in it."""
    if isinstance(value, dict):
        return {name: find_shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(find_shape(one), sort_keys=True) for one in value})
    return type(value).__name__


@pytest.mark.parametrize("language", RUNNERS)
def test_every_example_runs_and_is_answered_as_it_says(customer, app, texts, exchange, language):
    write, run = RUNNERS[language]
    if language != "python" and shutil.which(language) is None:
        pytest.skip(f"{language} is not on this machine")
    answers = {}
    expected = {}
    upstreams = {"SANDBOX_URL": app.url, "ZARINPAL_URL": f"{app.url}/bank", "APARAT_URL": f"{app.url}/aparat"}
    with running_web(**upstreams, EGRESS_ALLOW="127.0.0.0/8") as web:
        for slug, calls in CALLS.items():
            key = make_key(customer, CONTRACTS[slug].contract)
            for call, name, request in calls:
                code = fill_in(write(request), slug, key, web)
                place = f"{slug} {name or call.name}"
                answered = read_output(language, run(code), request.shown)
                if request.shown is Shown.JSON:
                    answers[place] = find_shape(answered)
                    expected[place] = find_shape(find_example(slug, call, name))
                else:
                    answers[place], expected[place] = answered, find_status(call)
    assert answers == expected


def find_example(slug, call, name):
    """The documented good answer to the sample of that name."""
    if not name:
        return call.answers[0].example
    return EXAMPLES[name][1]


def find_status(call):
    """The documented status of what was done for the first time."""
    good = [one.status for one in call.answers if one.is_good]
    return good[-1] if good else call.answers[0].status


def test_texts_that_could_end_a_string_are_kept():
    told = {"a": 'it\'s "$HOME" \\ `x`', "b": 'one\ntwo "$x"', "c": [1, {"d": "ی"}]}
    request = Request("POST", "http://127.0.0.1/", {"Content-Type": "application/json"}, json=told)
    seen = {}
    exec(write_python(request).replace("import requests", ""), {"requests": Recorder(seen)})  # noqa: S102 - ours
    assert seen == {"url": request.url, "json": told, "timeout": 30}
    curl = write_curl(request).replace("curl", "printf '%s\\n'")
    shown = subprocess.run(["sh", "-c", curl], capture_output=True, text=True, check=True).stdout
    assert json.loads(shown[shown.index("{") :]) == told


@pytest.mark.skipif(shutil.which("php") is None, reason="php is not on this machine")
def test_php_reads_texts_as_they_are():
    told = {"a": 'it\'s "$HOME" \\ x', "b": 'one\ntwo "$x" \\n'}
    code = write_php(Request("POST", "http://127.0.0.1/", form=told))
    array = code[code.index("http_build_query(") + len("http_build_query(") : code.index("),\n]);")]
    shown = subprocess.run(["php", "-r", f"echo json_encode({array});"], capture_output=True, check=True)
    assert json.loads(shown.stdout) == told


class Recorder:
    """Stands where the package requests does, and keeps what it was called with."""

    def __init__(self, seen):
        self.seen = seen

    def post(self, url, **options):
        """Keep the call, and answer nothing in particular."""
        self.seen.update(options, url=url)
        return self

    status_code = 200

    def json(self):
        """The answer's value."""
        return {}
