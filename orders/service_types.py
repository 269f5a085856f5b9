"""The service types of the field: which fields each needs, and how its quantity is counted.

Field names are those of the standard API (contracts: standard-v2, table of `add`); other contracts translate.
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models


class Count(Enum):
    """Where an order's quantity comes from."""

    QUANTITY = "quantity"  # the field of that name, charged per 1,000
    LINES = "lines"  # the non-empty lines of the type's list, charged per 1,000
    PIECE = "piece"  # one piece, charged at the service's price
    POSTS = "posts"  # the most units of a post times the posts, charged per 1,000


class ServiceType(models.TextChoices):
    """Values as in the panel-app API, labels as in the standard API."""

    DEFAULT = "default", "Default"
    PACKAGE = "package", "Package"
    SEO = "seo", "SEO"
    MENTIONS = "mentions", "Mentions"
    CUSTOM_COMMENTS = "custom_comments", "Custom Comments"
    CUSTOM_COMMENTS_PACKAGE = "custom_comments_package", "Custom Comments Package"
    MENTIONS_WITH_HASHTAGS = "mentions_with_hashtags", "Mentions with Hashtags"
    MENTIONS_CUSTOM_LIST = "mentions_custom_list", "Mentions Custom List"
    MENTIONS_HASHTAG = "mentions_hashtag", "Mentions Hashtag"
    MENTIONS_USER_FOLLOWERS = "mentions_user_followers", "Mentions User Followers"
    MENTIONS_MEDIA_LIKERS = "mentions_media_likers", "Mentions Media Likers"
    COMMENT_LIKES = "comment_likes", "Comment Likes"
    COMMENT_REPLIES = "comment_replies", "Comment Replies"
    POLL = "poll", "Poll"
    INVITES_FROM_GROUPS = "invites_from_groups", "Invites from Groups"
    WEB_TRAFFIC = "web_traffic", "Web Traffic"
    SUBSCRIPTIONS = "subscriptions", "Subscriptions"
    WATCH_TIME = "watch_time", "Watch Time"
    ADS = "ads", "Ads"


@dataclass(frozen=True)
class TypeRule:
    """What an order of a type carries beside link and quantity, and what it is counted by."""

    count: Count = Count.QUANTITY
    needs: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()  # of `needs`: one entry a line
    one_of: tuple[str, ...] = ()  # at least one of these
    counted: str = ""  # the list that gives the quantity
    link: bool = True
    optional: tuple[str, ...] = ()


def _lists(*names):
    return {"needs": names, "lists": names}


TYPE_RULES = {
    ServiceType.DEFAULT: TypeRule(),
    ServiceType.PACKAGE: TypeRule(Count.PIECE),
    ServiceType.SEO: TypeRule(**_lists("keywords")),
    ServiceType.MENTIONS: TypeRule(**_lists("usernames")),
    ServiceType.CUSTOM_COMMENTS: TypeRule(Count.LINES, **_lists("comments"), counted="comments"),
    ServiceType.CUSTOM_COMMENTS_PACKAGE: TypeRule(Count.PIECE, **_lists("comments")),
    ServiceType.MENTIONS_WITH_HASHTAGS: TypeRule(**_lists("usernames", "hashtags")),
    ServiceType.MENTIONS_CUSTOM_LIST: TypeRule(Count.LINES, **_lists("usernames"), counted="usernames"),
    ServiceType.MENTIONS_HASHTAG: TypeRule(needs=("hashtag",)),
    ServiceType.MENTIONS_USER_FOLLOWERS: TypeRule(needs=("username",)),
    ServiceType.MENTIONS_MEDIA_LIKERS: TypeRule(needs=("media",)),
    ServiceType.COMMENT_LIKES: TypeRule(needs=("username",)),
    ServiceType.COMMENT_REPLIES: TypeRule(
        Count.LINES, needs=("username", "comments"), lists=("comments",), counted="comments"
    ),
    ServiceType.POLL: TypeRule(needs=("answer_number",)),
    ServiceType.INVITES_FROM_GROUPS: TypeRule(**_lists("groups")),
    ServiceType.WEB_TRAFFIC: TypeRule(
        needs=("country", "device", "type_of_traffic"), one_of=("google_keyword", "referring_url")
    ),
    ServiceType.SUBSCRIPTIONS: TypeRule(
        Count.POSTS,
        needs=("username", "min", "max"),
        optional=("posts", "old_posts", "delay", "expiry"),
        link=False,
    ),
    ServiceType.WATCH_TIME: TypeRule(),  # its quantity is hours
    ServiceType.ADS: TypeRule(Count.PIECE, needs=("description",), link=False),
}


def is_dripfed(service_type):
    """Whether orders of the type can be done run by run, where their service offers that.

    Those with lists can't: each run would carry the whole list.
    """
    rule = TYPE_RULES[service_type]
    return rule.count is Count.QUANTITY and not rule.lists
