"""The one way out: every HTTP call this product makes to somebody else's server goes through here.

`HttpClient.send` answers an `Answer` or raises `NotSent` (surely nothing was processed) or
`MaybeSent` (it may have been). That difference decides whether an order is sent again.
"""

from panel.lib.http.client import Answer, HttpClient, Limits, configure, shared_client
from panel.lib.http.errors import AddressRefused, HttpError, MaybeSent, NotSent
from panel.lib.http.excerpts import excerpt

__all__ = [
    "AddressRefused",
    "Answer",
    "HttpClient",
    "HttpError",
    "Limits",
    "MaybeSent",
    "NotSent",
    "configure",
    "excerpt",
    "shared_client",
]
