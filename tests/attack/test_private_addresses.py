"""Addresses that somebody gives and the panel calls: however one of ours is written, nothing is connected to.

Webhooks (customers), providers and SMS gateways (staff), pictures (told by an upstream). Posts and likes come from
addresses of the settings, which nobody gives. The spellings lead to a listener that counts, and a spy on the one
function that connects sees the private networks in which nothing listens.
"""

import pytest

from campaigns.covers import look_for_covers
from campaigns.models import Campaign, Cover
from orders.models import WebhookEndpoint
from panel.lib.http import client
from panel.lib.outbound import outbound_client
from providers.models import Provider, ProviderSync
from providers.sync.running import Outcome, sync_provider
from sms.gateway.base import Outgoing
from sms.gateway.errors import GatewayError
from sms.models import Gateway
from sms.routes import load_all_routes
from tests.factories import make_campaign, make_customer
from tests.orders.webhooks.steps import queue, send
from tests.panel.admin_visits import page_of
from tests.panel.admin_visits import superuser as superuser
from tests.panel.dashboard.conftest import open_browser
from tests.panel.dashboard.pages import read_texts
from tests.panel.lib.raw_server import RawServer, http_answer
from tests.providers.test_admin import provider_fields
from tests.sms.test_gateway_admin import FORM

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = "127.0.0.2"  # stands for a host that may be called; the listener is at 127.0.0.1 alone
HOSTS = [
    "127.0.0.1",
    "127.0.0.1.",
    "localhost",
    "LocalHost.",
    "0.0.0.0",  # noqa: S104 - called, not bound
    "0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "\u2460\u2461\u2466.0.0.1",
    "\uff11\uff12\uff17.0.0.1",
    "127\u30020\u30020\u30021",
    "169.254.169.254",
    "0xa9fea9fe",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "[fd00::1]",
    "[fe80::1]",
]
CROOKED = [
    "http://public@127.0.0.1:{port}/",
    "http://public:word@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@public.invalid/",
    "http://127.0.0.1:{port}#@public.invalid/",
    "http://public.invalid\\@127.0.0.1:{port}/",
    "http:127.0.0.1:{port}",
    "//127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\x",
]
OTHER_SCHEMES = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/x",
    "dict://127.0.0.1:{port}/x",
    "unix:///var/run/x.sock",
    "javascript:alert(1)",
    "data:text/plain,x",
]

# What a call says that nobody was connected to for.
NOT_SENT = {
    "the address is not allowed",
    "the name is not known",
    "the name could not be looked up in time",
    "the URL is malformed",
    "a URL must not carry credentials",
    "only http and https URLs can be called",
}


@pytest.fixture
def confine(settings):
    """confine(*networks): nothing but public addresses and these is called from now on."""
    before = settings.EGRESS_ALLOW

    def allow(*networks):
        settings.EGRESS_ALLOW = list(networks)
        outbound_client.cache_clear()

    yield allow
    allow(*before)
    outbound_client()


@pytest.fixture
def dialed(monkeypatch):
    """The addresses that were connected to, as they are."""
    seen, connect = [], client.connect_socket

    def note(family, sockaddr, seconds):
        seen.append(sockaddr[0])
        return connect(family, sockaddr, seconds)

    monkeypatch.setattr(client, "connect_socket", note)
    return seen


@pytest.fixture
def listener():
    with RawServer(http_answer(b"{}")) as server:
        yield server


def spell(listener, *schemes):
    """Every address of the lists, towards the listener's port."""
    plain = [f"{scheme}://{host}:{listener.port}/x" for host in HOSTS for scheme in schemes]
    return plain + [text.format(port=listener.port) for text in CROOKED + OTHER_SCHEMES]


def connect_to(listener, dialed):
    return listener.connections, dialed


def test_the_spellings_lead_to_the_listener_where_it_may_be_called(confine, listener, dialed):
    """Otherwise the tests below would be satisfied with addresses that lead nowhere."""
    confine("127.0.0.0/8", f"{HOSTS[4]}/32")
    numbers = HOSTS[4:12]  # names with a dot at their end are some resolvers' alone
    for host in ("127.0.0.1", "localhost", *numbers):
        outbound_client().send("GET", f"http://{host}:{listener.port}/x")
    assert (len(listener.requests), set(dialed)) == (10, {"127.0.0.1", HOSTS[4]})


def test_no_such_webhook_is_registered(confine, listener, dialed):
    confine()
    browser = open_browser(make_customer())
    told = {}
    for url in spell(listener, "https"):
        page = browser.post("/webhooks/", {"url": url, "topics": "orders"})
        told[url] = (page.status_code, len(read_texts(page, "p", class_="field-error")))
    assert told == dict.fromkeys(told, (422, 1))
    assert (WebhookEndpoint.objects.count(), connect_to(listener, dialed)) == (0, (0, []))


def test_no_such_webhook_is_called(confine, listener, dialed):
    """Rows from a time when more was allowed, or of names that lead elsewhere since."""
    confine()
    customer = make_customer()
    urls = spell(listener, "http", "https")
    rows = [
        WebhookEndpoint.objects.create(customer=customer, url=url, topics=["orders"], secret="s")
        for url in urls
    ]
    queue(*rows)
    assert (send(), connect_to(listener, dialed)) == (len(urls), (0, []))


@pytest.mark.parametrize("model", [Provider, Gateway])
def test_no_form_takes_another_scheme(listener, superuser, model):
    form = {Provider: provider_fields(Provider(name="p", dialect="standard"), key="k"), Gateway: FORM}[model]
    told = {}
    for text in OTHER_SCHEMES:
        answer = superuser.post(
            page_of(model, "add"), form | {"token": "t", "url": text.format(port=listener.port)}
        )
        told[text] = list(answer.context["adminform"].form.errors)
    assert told == dict.fromkeys(OTHER_SCHEMES, ["url"])
    assert model.objects.count() == 0


def test_no_such_provider_is_called(confine, listener, dialed, clean_redis):
    confine()
    told = {}
    for number, url in enumerate(spell(listener, "http", "https")):
        row = Provider.objects.create(name=f"p{number}", url=url, key="k")
        assert sync_provider(row.pk) is Outcome.FAILED
        told[url] = ProviderSync.objects.get(pk=row.pk).error
    assert {url: words for url, words in told.items() if words not in NOT_SENT} == {}
    assert connect_to(listener, dialed) == (0, [])


@pytest.mark.parametrize("kind", ["rest", "kavenegar"])
def test_no_such_gateway_is_called(confine, listener, dialed, kind):
    confine()
    row = Gateway.objects.create(name="g", kind=kind, url="https://public.invalid", token="t")
    told = {}
    for url in spell(listener, "http", "https"):
        Gateway.objects.filter(pk=row.pk).update(url=url)
        told[url] = ask(row)
    assert told == dict.fromkeys(told, "NotSent")
    assert connect_to(listener, dialed) == (0, [])


def ask(gateway):
    """Have it send a text; the name of the trouble."""
    with pytest.raises(GatewayError) as caught:
        load_all_routes()[gateway.pk].transport.send_same(Outgoing("3000", ("+989121111111",), "hello"))
    return type(caught.value).__name__


def tell_picture(*addresses):
    """Plays of an Instagram that tells of one picture after the other."""
    images = [f'"images": {{"standard_resolution": {{"url": "{text}"}}}}' for text in addresses]
    return [http_answer(f'{{"meta": {{"code": 200}}, "data": {{"id": "1_1", {image}}}}}') for image in images]


def test_no_such_picture_is_fetched(confine, listener, dialed, settings):
    settings.LIKE_CHECK_SECONDS = 3
    urls = [url.replace("\\", "\\\\") for url in spell(listener, "http")]
    confine(f"{PUBLIC}/32")
    campaign = make_campaign()
    with RawServer(*tell_picture(*urls), host=PUBLIC) as instagram:
        settings.INSTAGRAM_API_URL = instagram.url
        for _url in urls:
            Campaign.objects.filter(pk=campaign.pk).update(looks=0, look_at="2026-01-01T00:00:00Z")
            assert look_for_covers() == 1
    assert len(instagram.requests) == len(urls)
    assert (Cover.objects.count(), listener.connections, set(dialed)) == (0, 0, {PUBLIC})


def test_a_host_that_may_be_called_leads_to_none_that_may_not(confine, listener, dialed, settings, superuser):
    settings.LIKE_CHECK_SECONDS = 3
    confine(f"{PUBLIC}/32")
    away = http_answer(b"", "307 Temporary Redirect", [f"Location: {listener.url}/x"])
    with RawServer(away, host=PUBLIC) as server:
        customer = make_customer()
        page = open_browser(customer).post("/webhooks/", {"url": f"{server.url}/hook", "topics": "orders"})
        queue(WebhookEndpoint.objects.get())
        assert (page.status_code, send()) == (200, 1)
        provider = Provider.objects.create(name="p", url=server.url, key="k")
        assert sync_provider(provider.pk) is Outcome.FAILED
        for kind in ("rest", "kavenegar"):
            row = Gateway.objects.create(name=kind, kind=kind, url=server.url, token="t")
            assert ask(row) in ("Unclear", "NotSent", "Refused")
        assert len(server.requests) == 4
    make_campaign()
    with RawServer(host=PUBLIC) as instagram:
        instagram._plays.extend([*tell_picture(f"{instagram.url}/picture"), away])
        settings.INSTAGRAM_API_URL = instagram.url
        assert (look_for_covers(), len(instagram.requests)) == (1, 2)
    assert (listener.connections, set(dialed)) == (0, {PUBLIC})
