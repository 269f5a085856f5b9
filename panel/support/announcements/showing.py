"""Which announcements a customer sees, and putting them away."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.support.announcements.models import Announcement, PutAway


def find_announcements(customer_id):
    """Announcements that are current and meant for the customer; `is_away` on each says whether it was put away."""
    now = timezone.now()
    keys = ApiToken.objects.filter(customer_id=customer_id, use=ApiToken.Use.KEY, revoked_at=None)
    keys = keys.filter(Q(expires_at=None) | Q(expires_at__gt=now))
    current = Announcement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), active=True, starts_at__lte=now
    )
    return current.filter(Q(audience=Announcement.Audience.ALL) | Exists(keys)).annotate(
        is_away=Exists(PutAway.objects.filter(customer_id=customer_id, announcement=OuterRef("pk")))
    )


def list_unread(customer_id, limit):
    """The first `limit` of them that weren't put away: pinned ones first, then the newest."""
    return list(find_announcements(customer_id).filter(is_away=False).order_by("-pinned", "-pk")[:limit])


def put_away(customer_id, announcement_id):
    """Keep an announcement off the customer's home page from now on; False when there is none for them."""
    if not find_announcements(customer_id).filter(pk=announcement_id).exists():
        return False
    PutAway.objects.get_or_create(customer_id=customer_id, announcement_id=announcement_id)
    return True
