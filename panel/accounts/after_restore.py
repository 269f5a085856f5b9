"""Logins in a restored database: what was ended in the time that was lost lives again."""

from panel.accounts.models import ApiToken, BrowserSession


def end_sessions(gap):
    """End every browser session, so that none of the ended ones is open; tell how many keys are alive."""
    sessions = BrowserSession.objects.all().delete()[0]
    keys = ApiToken.objects.filter(revoked_at=None, use=ApiToken.Use.KEY).count()
    yield f"{sessions} browser sessions ended: everybody logs in again"
    yield f"{keys} API keys are alive: those that were revoked or passwords that were changed since are as before"
