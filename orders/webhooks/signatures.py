"""What proves to a receiver that a delivery is ours, and fresh."""

import hashlib
import hmac


def sign_delivery(secret, event_id, timestamp, body):
    """`v1=` and the hex HMAC-SHA256 of `{event_id}.{timestamp}.{body}` (unix seconds, bytes)."""
    message = f"{event_id}.{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"
