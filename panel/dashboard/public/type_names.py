"""What the types of services are called for people: by what an order of one is counted and given."""

from django.utils.translation import gettext_lazy as _

from orders.service_types import ServiceType

TYPE_NAMES = {
    ServiceType.DEFAULT: _("By quantity"),
    ServiceType.PACKAGE: _("Package"),
    ServiceType.SEO: _("SEO with keywords"),
    ServiceType.MENTIONS: _("Mentions"),
    ServiceType.CUSTOM_COMMENTS: _("Comments of your own"),
    ServiceType.CUSTOM_COMMENTS_PACKAGE: _("Package of comments of your own"),
    ServiceType.MENTIONS_WITH_HASHTAGS: _("Mentions with hashtags"),
    ServiceType.MENTIONS_CUSTOM_LIST: _("Mentions from your list"),
    ServiceType.MENTIONS_HASHTAG: _("Mentions from a hashtag"),
    ServiceType.MENTIONS_USER_FOLLOWERS: _("Mentions of an account's followers"),
    ServiceType.MENTIONS_MEDIA_LIKERS: _("Mentions of a post's likers"),
    ServiceType.COMMENT_LIKES: _("Likes of a comment"),
    ServiceType.COMMENT_REPLIES: _("Replies to a comment"),
    ServiceType.POLL: _("Poll votes"),
    ServiceType.INVITES_FROM_GROUPS: _("Invites from groups"),
    ServiceType.WEB_TRAFFIC: _("Web traffic"),
    ServiceType.SUBSCRIPTIONS: _("Subscription to new posts"),
    ServiceType.WATCH_TIME: _("Watch time"),
    ServiceType.ADS: _("Advertisement"),
}
