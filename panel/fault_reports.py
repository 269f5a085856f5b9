"""Faults told to Sentry, where settings.SENTRY_DSN names one; without it nothing of Sentry is imported.

What leaves is where in the code it happened, masked words, the route and the request's id. No bodies, headers,
cookies, queries, variables or earlier lines of the log: keys, passwords and codes stand in all of those.
"""

from django.conf import settings

from panel.lib.masking import mask_secrets
from panel.lib.tracing import read_bound

KEPT_OF_REQUEST = ("method",)
DROPPED = ("extra", "user", "breadcrumbs", "modules", "server_name")


def start_reporting():
    """Begin, in this process; called once, when Django is ready."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk  # here: it takes half a second, and most processes don't need it
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            CeleryIntegration(),
            LoggingIntegration(level=None),
        ],
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=clean_event,
    )


def clean_event(event, _hint):
    """The event as it may leave: masked, and with the id under which the logs tell the rest."""
    for name in DROPPED:
        event.pop(name, None)
    if "request" in event:
        event["request"] = {name: event["request"].get(name) for name in KEPT_OF_REQUEST}
    entry = event.pop("logentry", None)
    if entry:
        event["logentry"] = {"formatted": mask_secrets(str(entry.get("formatted") or entry.get("message")))}
    for error in event.get("exception", {}).get("values", ()):
        error["value"] = mask_secrets(str(error.get("value") or ""))
        error.get("mechanism", {}).pop("data", None)
    told = {name: str(read_bound()[name]) for name in ("trace", "task") if read_bound().get(name)}
    event["tags"] = {**(event.get("tags") or {}), **told}
    return event
