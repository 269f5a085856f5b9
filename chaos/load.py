"""The load: customers' programs that order, pay, like and text over all six contracts until the time is over."""

import random
import threading
import time
from collections.abc import Callable

from chaos.calls import Caller
from chaos.ordering import OrderClient
from chaos.prices import BUNDLE_COINS, LIKE_VALUE, TWO_ROUTES
from chaos.record import (
    ACCEPTED,
    SILENT,
    BundleWish,
    CampaignWish,
    LikeWish,
    OrderWish,
    PaymentWish,
    Record,
    TextWish,
)
from chaos.seeding import Buyer, Shop
from chaos.trading import TradeClient

CLIENTS = 8
CALLS_PER_SECOND = 1.5  # of each client
AWAY_SECONDS = 0.5  # how long a client leaves a panel alone that didn't answer
REPEAT_SECONDS = 1.0
FINISH_SECONDS = 60
APIS = ("standard", "gray_city", "happy_follower", "panel_app")
# What becomes of an order upstream, by the words of the sandbox (fates.py). Refusals are for upstreams that know no
# keys: one that does may refuse the repeat of what it never got, and that proves nothing. gray-city tells no remains
# of a partial order: those wait for a person.
FATES = (
    "plain",
    "plain",
    "plain",
    "partial",
    "cancel",
    "failed",
    "processing",
    "unknownstatus",
    "backward",
    "negative",
)
DEAF_FATES = (*FATES, "refuse")
GRAY_CITY_FATES = tuple(fate for fate in DEAF_FATES if fate != "partial")
DRIP_FATES = ("plain", "partial")
HONEST = ("standard", "panel-app")
FATES_OF = {"gray-city": GRAY_CITY_FATES} | dict.fromkeys((*HONEST, TWO_ROUTES), FATES)
MOST_OF_A_MASS = 5
PAYMENT_STEP = 10  # toman between two amounts, so that each is another


class Load:
    """Clients in threads of their own. `pressing` says whether they go on."""

    def __init__(self, shop: Shop, web_url: str, sandbox_url: str, seed: int, record: Record):
        self._shop = shop
        self._urls = web_url, sandbox_url
        self._seed = seed
        self.record = record
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(number,), name=f"client-{number}", daemon=True)
            for number in range(CLIENTS)
        ]
        self.errors: list[BaseException] = []

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End when every client has had an answer to all that it may ask again."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def _live(self, number: int) -> None:
        chance = random.Random(f"{self._seed} client {number}")
        buyers = self._shop.buyers
        caller = Caller(self._urls[0])
        try:
            client = Client(
                self._shop, buyers[number % len(buyers)], caller, self._urls[1], chance, self.record
            )
            while not self._ended.is_set():
                began = time.monotonic()
                heard = client.act()
                pause = chance.expovariate(CALLS_PER_SECOND) - (time.monotonic() - began)
                self._ended.wait(max(pause, 0) if heard else AWAY_SECONDS)
            client.finish(time.monotonic() + FINISH_SECONDS)
        except BaseException as error:  # noqa: BLE001 - told by stop()
            self.errors.append(error)
        finally:
            caller.close()


class Client:
    """One customer's program."""

    def __init__(
        self,
        shop: Shop,
        buyer: Buyer,
        caller: Caller,
        sandbox_url: str,
        chance: random.Random,
        record: Record,
    ):
        self._shop, self._buyer, self._chance, self._record = shop, buyer, chance, record
        self._orders = OrderClient(caller, buyer)
        self._trade = TradeClient(caller, buyer, sandbox_url)
        self._own: list[OrderWish] = []
        self._unheard: list[tuple[float, Callable[[], bool]]] = []  # when to ask again, and how
        self._acts: dict[Callable[[], bool], int] = {
            self._order: 50,
            self._order_many: 5,
            self._drip_feed: 3,
            self._repeat: 6,
            self._cancel: 8,
            self._pay: 6,
            self._create_campaign: 3,
            self._like: 10,
            self._send_text: 8,
            self._buy_bundle: 2,
        }

    def act(self) -> bool:
        """Ask again what got no answer, or do something new; returns whether an answer came."""
        self._record.note_call()
        if self._unheard and self._unheard[0][0] <= time.monotonic():
            return self._ask_again()
        return self._chance.choices(list(self._acts), list(self._acts.values()))[0]()

    def finish(self, deadline: float) -> None:
        """Ask for what got no answer until it is answered, or the deadline (monotonic) has passed."""
        while self._unheard and time.monotonic() < deadline:
            time.sleep(max(self._unheard[0][0] - time.monotonic(), 0))
            self._ask_again()

    def _ask_again(self) -> bool:
        _, ask = self._unheard.pop(0)
        return self._until_heard(ask)

    def _until_heard(self, ask: Callable[[], bool]) -> bool:
        """Ask now, and again later where no answer comes."""
        heard = ask()
        if not heard:
            self._unheard.append((time.monotonic() + REPEAT_SECONDS, ask))
        return heard

    def _order(self) -> bool:
        wish = self._wish(self._chance.choice(APIS), keyed=self._chance.random() < 0.7)
        return self._place([wish], lambda: self._orders.place(wish))

    def _order_many(self) -> bool:
        count = self._chance.randint(2, MOST_OF_A_MASS)
        wishes = [self._wish("standard", keyed=True) for _ in range(count)]
        key = wishes[0].key
        for place, wish in enumerate(wishes):
            wish.key = f"{key}:{place}"
        return self._place(wishes, lambda: self._orders.place_many(wishes))

    def _drip_feed(self) -> bool:
        wish = self._wish("standard", keyed=True, upstream=self._chance.choice(HONEST), fates=DRIP_FATES)
        wish.runs = 2
        return self._place([wish], lambda: self._orders.place(wish))

    def _place(self, wishes: list[OrderWish], send: Callable[[], None]) -> bool:
        self._record.orders += wishes
        self._own += wishes

        def ask() -> bool:
            send()
            return all(wish.outcome != SILENT for wish in wishes)

        return self._until_heard(ask) if wishes[0].key else ask()

    def _wish(self, api: str, keyed: bool, upstream: str = "", fates: tuple[str, ...] = ()) -> OrderWish:
        upstream = upstream or self._chance.choice(list(self._shop.services))
        fate = self._chance.choice(fates or FATES_OF.get(upstream, DEAF_FATES))
        number = self._record.next_number()
        return OrderWish(
            api=api,
            customer=self._buyer.id,
            upstream=upstream,
            service=self._shop.services[upstream],
            link=f"https://www.instagram.com/p/{fate}-{number}/",
            quantity=self._chance.randint(10, 500),
            key=f"chaos-{number}" if keyed else "",
        )

    def _repeat(self) -> bool:
        """A program that forgot that it was answered asks once more with the same key."""
        keyed = [w for w in self._own if w.key and ":" not in w.key and w.outcome == ACCEPTED]
        if not keyed:
            return self._order()
        self._orders.place(self._chance.choice(keyed))
        return True

    def _cancel(self) -> bool:
        apis = ("standard", "happy_follower")
        own = [w for w in self._own[-20:] if w.outcome == ACCEPTED and w.api in apis and w.runs == 1]
        return not self._orders.cancel(self._chance.choice(own)).silent if own else self._order()

    def _pay(self) -> bool:
        wish = PaymentWish(self._buyer.id, 10_000 + PAYMENT_STEP * self._record.next_number())
        self._record.payments.append(wish)
        self._trade.pay(wish, self._chance)
        return wish.outcome != SILENT

    def _create_campaign(self) -> bool:
        # A budget that isn't a multiple of a like's price leaves a rest, which has to come back.
        budget = LIKE_VALUE * self._chance.randint(2, 5) + self._chance.randint(0, LIKE_VALUE - 1)
        wish = CampaignWish(self._buyer.id, f"Chaos{self._record.next_number()}", budget)
        self._record.campaigns.append(wish)
        self._trade.create_campaign(wish, self._shop.class_id)
        return wish.outcome != SILENT

    def _like(self) -> bool:
        campaign = self._trade.find_next()
        if campaign is None:
            return self._create_campaign()
        wish = LikeWish(self._buyer.id, campaign)
        self._record.likes.append(wish)

        def ask() -> bool:
            self._trade.like(wish)
            return wish.outcome != SILENT

        return self._until_heard(ask)

    def _send_text(self) -> bool:
        number = self._record.next_number()
        numbers = [
            f"0913{number // 100 % 1000:03d}{3000 + (number * 7 + place) % 5000}" for place in range(2)
        ]
        wish = TextWish(self._buyer.id, f"chaos {number}", numbers)
        self._record.texts.append(wish)
        self._trade.send_text(wish)
        return wish.outcome != SILENT

    def _buy_bundle(self) -> bool:
        wish = BundleWish(self._buyer.id, f"good-{self._record.next_number()}", BUNDLE_COINS)
        self._record.bundles.append(wish)

        def ask() -> bool:
            self._trade.buy_bundle(wish)
            return wish.outcome != SILENT

        return self._until_heard(ask)
