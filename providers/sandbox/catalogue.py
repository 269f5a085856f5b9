"""What the sandbox sells, and which fields each type asks for. Ids are stable; rates are toman per 1,000.

| id | type | name | beyond the usual |
|---|---|---|---|
| 1 | Default | Followers | refill, cancel, drip-feed |
| 2 | Default | Likes | |
| 3 | Default | Views | a rate of 6 decimals, up to 10,000,000 |
| 4 | Default | Story views | free |
| 5 | Default | Shares | cannot be canceled |
| 6 | Package | Starter pack | |
| 7 | SEO | Search visits | |
| 8 | Mentions | Mentions | |
| 9 | Custom Comments | Comments of your own | |
| 10 | Custom Comments Package | Pack of comments | |
| 11 | Mentions with Hashtags | Mentions with hashtags | |
| 12 | Mentions Custom List | Mentions of a list | |
| 13 | Mentions Hashtag | Mentions by hashtag | |
| 14 | Mentions User Followers | Mentions of followers | |
| 15 | Mentions Media Likers | Mentions of likers | |
| 16 | Comment Likes | Likes of a comment | |
| 17 | Comment Replies | Replies to a comment | |
| 18 | Poll | Poll votes | |
| 19 | Invites from Groups | Group members | |
| 20 | Web Traffic | Visitors | |
| 21 | Subscriptions | Likes of new posts | no link, but a username |
| 22 | Default | Channel members | refill, cannot be canceled |
| 23 | Default | Saves | up to 5 only |
| 24 | Package | Big pack | refill, cannot be canceled |
| 25 | Default | Reposts | drip-feed, no refill |
| 26 | Watch Time | Hours of watch time | count is hours |
| 27 | Ads | Ads | a piece, with a description for a link |

The standard API sells 1 to 25. gray-city sells by kind: 2 is like, 3 view, 9 comment, 6 follower, 24 follower pro,
26 watch time, 27 ads. happy-follower sells what needs no more than a link and a count: types Default and Package.
panel-app sells 1 to 25 but for 7 and 21, whose fields it has no place for.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Service:
    """One service; `rate` in toman per 1,000, or a piece for packages; `kind` where gray-city sells it."""

    id: int
    name: str
    type: str
    category: str
    rate: str
    min: int
    max: int
    refill: bool = False
    cancel: bool = True
    dripfeed: bool = False
    kind: str = ""

    @property
    def piece_price(self) -> Decimal:
        """What one unit costs, in toman."""
        return Decimal(self.rate) / (1 if self.type in PIECE_TYPES else 1000)


FIELDS = {
    "Default": ("link", "quantity"),
    "Package": ("link",),
    "SEO": ("link", "quantity", "keywords"),
    "Mentions": ("link", "quantity", "usernames"),
    "Custom Comments": ("link", "comments"),
    "Custom Comments Package": ("link", "comments"),
    "Mentions with Hashtags": ("link", "quantity", "usernames", "hashtags"),
    "Mentions Custom List": ("link", "usernames"),
    "Mentions Hashtag": ("link", "quantity", "hashtag"),
    "Mentions User Followers": ("link", "quantity", "username"),
    "Mentions Media Likers": ("link", "quantity", "media"),
    "Comment Likes": ("link", "quantity", "username"),
    "Comment Replies": ("link", "username", "comments"),
    "Poll": ("link", "quantity", "answer_number"),
    "Invites from Groups": ("link", "quantity", "groups"),
    "Web Traffic": ("link", "quantity", "country", "device", "type_of_traffic"),
    "Subscriptions": ("username", "min", "max"),
}
COUNTED_LISTS = {
    "Custom Comments": "comments",
    "Mentions Custom List": "usernames",
    "Comment Replies": "comments",
}
PIECE_TYPES = frozenset({"Package", "Custom Comments Package", "Ads"})
LINK_AND_COUNT_TYPES = frozenset({"Default", "Package"})

SERVICES = {
    service.id: service
    for service in (
        Service(1, "Followers", "Default", "Followers", "4500.00", 50, 10000, True, True, True),
        Service(2, "Likes", "Default", "Likes", "900.00", 10, 50000, kind="like"),
        Service(3, "Views", "Default", "Views", "12.345678", 100, 10000000, kind="view"),
        Service(4, "Story views", "Default", "Views", "0.00", 1, 1000),
        Service(5, "Shares", "Default", "Shares", "300.00", 10, 10000, cancel=False),
        Service(6, "Starter pack", "Package", "Packs", "25000.00", 1, 1, kind="follower"),
        Service(7, "Search visits", "SEO", "Visits", "2000.00", 10, 10000),
        Service(8, "Mentions", "Mentions", "Mentions", "7000.00", 10, 10000),
        Service(
            9, "Comments of your own", "Custom Comments", "Comments", "30000.00", 1, 1000, kind="comment"
        ),
        Service(10, "Pack of comments", "Custom Comments Package", "Packs", "40000.00", 1, 1),
        Service(11, "Mentions with hashtags", "Mentions with Hashtags", "Mentions", "7500.00", 10, 10000),
        Service(12, "Mentions of a list", "Mentions Custom List", "Mentions", "8000.00", 1, 10000),
        Service(13, "Mentions by hashtag", "Mentions Hashtag", "Mentions", "7500.00", 10, 10000),
        Service(14, "Mentions of followers", "Mentions User Followers", "Mentions", "7500.00", 10, 10000),
        Service(15, "Mentions of likers", "Mentions Media Likers", "Mentions", "7500.00", 10, 10000),
        Service(16, "Likes of a comment", "Comment Likes", "Comments", "1500.00", 10, 10000),
        Service(17, "Replies to a comment", "Comment Replies", "Comments", "32000.00", 1, 1000),
        Service(18, "Poll votes", "Poll", "Votes", "1200.00", 10, 10000),
        Service(19, "Group members", "Invites from Groups", "Members", "9000.00", 10, 10000),
        Service(20, "Visitors", "Web Traffic", "Visits", "1800.00", 100, 1000000),
        Service(21, "Likes of new posts", "Subscriptions", "Likes", "1100.00", 10, 10000),
        Service(22, "Channel members", "Default", "Members", "6000.00", 1, 1000000, True, False),
        Service(23, "Saves", "Default", "Saves", "5000.00", 1, 5),
        Service(24, "Big pack", "Package", "Packs", "180000.00", 1, 1, True, False, kind="follower_pro"),
        Service(25, "Reposts", "Default", "Shares", "2500.00", 5, 20000, False, True, True),
        Service(
            26, "Hours of watch time", "Watch Time", "Watch time", "90000.00", 1, 4000, kind="watch_time"
        ),
        Service(27, "Ads", "Ads", "Ads", "50000.00", 1, 1, kind="ads"),
    )
}


def describe_services() -> list[dict[str, Any]]:
    """The rows of `action=services`: types the standard API knows, numbers as strings."""
    return [
        {
            "service": service.id,
            "name": service.name,
            "type": service.type,
            "category": service.category,
            "rate": service.rate,
            "min": str(service.min),
            "max": str(service.max),
            "refill": service.refill,
            "cancel": service.cancel,
            "dripfeed": service.dripfeed,
            "desc": f"{service.name} of the sandbox; nothing is really delivered.",
        }
        for service in SERVICES.values()
        if service.type in FIELDS
    ]
