"""Names for forms, sent with them: what was sent twice is done once."""

import secrets

LENGTH = 40  # of a key that somebody else wrote, at the most


def new_form_key():
    """A random name for one form that is shown."""
    return secrets.token_urlsafe(18)


def read_form_key(request, name="form_key"):
    """The key that a form was sent with, as a text that can be stored; a new one where there is none."""
    return request.POST.get(name, "").replace("\0", "")[:LENGTH] or new_form_key()
