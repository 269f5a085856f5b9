"""The verifier of this installation, made from the settings."""

from django.conf import settings

from campaigns.verifiers.instagram import InstagramVerifier
from panel.lib.outbound import outbound_client


def open_verifier():
    """The LikeVerifier; a call takes settings.LIKE_CHECK_SECONDS at most, and is unclear where no address is set."""
    return InstagramVerifier(
        settings.INSTAGRAM_API_URL,
        settings.INSTAGRAM_APP_TOKEN,
        outbound_client(),
        settings.LIKE_CHECK_SECONDS,
    )
