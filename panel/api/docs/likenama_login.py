"""likenama's login through Instagram, kept by hand: three addresses that browsers open (contracts: likenama-v1)."""

from django.utils.translation import gettext as _

START = "/users/auth/instagram"
CALLBACK = f"{START}/callback"
SESSION = "/session"
PAGE = {"text/html": {"schema": {"type": "string"}}}
DENIED = {
    "error": "access_denied",
    "error_reason": "user_denied",
    "error_description": "The user denied your request.",
    "state": "feded9a3593be61a726d9a14fddadf7604de80eba540f12f",
}


def build_login_paths():
    """The paths of the login in the active language."""
    return {
        START: {"get": _describe_start()},
        CALLBACK: {"get": _describe_callback()},
        SESSION: {"get": _describe_session()},
    }


def _describe_start():
    return {
        "operationId": "login_start",
        "summary": _("Log in with Instagram"),
        "description": _(
            "Open this address in a web view, which has to keep cookies. It leads to Instagram, where the person "
            "allows your app; Instagram leads back to the callback, and that to /session#token=APP.PROVIDER. The "
            "part before the first point is the token for every call of this API; all that follows is the person's "
            "token at Instagram, which may have points itself: send it with each like. Whoever comes for the first "
            "time gets an account. When Instagram refuses, the web view stays at the callback with error in its "
            "query; when we do, it ends at the callback with #error: begin again here."
        ),
        "responses": {
            "302": _describe_move(_("Instagram's page is at Location, or the callback with #error."))
        },
    }


def _describe_callback():
    texts = {
        "code": _("What Instagram lets us exchange for the person's token, within ten minutes."),
        "state": _("What we sent along; it has to be that of this browser."),
        "error": _("What Instagram sends in place of code when it refuses."),
        "error_reason": _("Why it refuses."),
        "error_description": _("The same for people."),
    }
    query = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
        | ({"example": DENIED[name]} if name in DENIED else {})
        for name, text in texts.items()
    ]
    return {
        "operationId": "login_callback",
        "summary": _("Where Instagram leads back to"),
        "description": _(
            "Nothing for programs: your web view comes by here. With a good code it goes on to "
            "/session#token=APP.PROVIDER, with one that is not good to this address with #error; the example is what "
            "Instagram sends when the person says no."
        ),
        "parameters": query,
        "responses": {
            "200": {"description": _("A page that says why nobody is logged in."), "content": PAGE},
            "302": _describe_move(
                _("/session#token=APP.PROVIDER is at Location, or this address with #error.")
            ),
        },
    }


def _describe_session():
    return {
        "operationId": "login_session",
        "summary": _("The end of the login"),
        "description": _(
            "Read the tokens from the address that the web view is at, then close it. What follows # never leaves "
            "the device: neither this page nor any log sees the tokens."
        ),
        "responses": {"200": {"description": _("A page that says so."), "content": PAGE}},
    }


def _describe_move(description):
    location = {"schema": {"type": "string"}, "description": _("The address to go on at.")}
    return {"description": description, "headers": {"Location": location}}
