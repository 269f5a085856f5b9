"""Names for forms, sent with them: what was sent twice is done once."""

import secrets


def new_form_key():
    """A random name for one form that is shown."""
    return secrets.token_urlsafe(18)
