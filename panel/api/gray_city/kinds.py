"""Which of our services this contract sells: by kind, in the types that fit what the document's bodies carry."""

from orders.models import Service
from orders.service_types import ServiceType

Kind = Service.Kind
# Likes, views and hours are counted by `count`, comments by themselves, followers by the pack of the service's size
# (at its price a piece, or per 1,000), ads by the piece.
TYPES_BY_KIND = {
    Kind.LIKE: (ServiceType.DEFAULT,),
    Kind.VIEW: (ServiceType.DEFAULT,),
    Kind.COMMENT: (ServiceType.CUSTOM_COMMENTS,),
    Kind.WATCH_TIME: (ServiceType.WATCH_TIME,),
    Kind.FOLLOWER: (ServiceType.PACKAGE, ServiceType.DEFAULT),
    Kind.FOLLOWER_PRO: (ServiceType.PACKAGE, ServiceType.DEFAULT),
    Kind.ADS: (ServiceType.ADS,),
}


def find_sold_kind(row):
    """The Kind under which a service (a dict of `kind` and `type`, or None) is sold here; None when it isn't."""
    if row is None or row["type"] not in TYPES_BY_KIND.get(row["kind"], ()):
        return None
    return Kind(row["kind"])
