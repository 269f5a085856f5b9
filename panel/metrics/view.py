"""`/metrics`, for whoever knows settings.METRICS_TOKEN; nobody else learns that it is there."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from panel.metrics.collecting import PanelCollector

SCHEME = "Bearer "


def show_metrics(request):
    """All metrics in Prometheus' text form; 404 without the token, or where no token is set."""
    if not _may_read(request.META.get("HTTP_AUTHORIZATION", "")):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(PanelCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(given):
    token = settings.METRICS_TOKEN
    return token != "" and given.startswith(SCHEME) and constant_time_compare(given[len(SCHEME) :], token)
