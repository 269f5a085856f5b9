"""What processes count and time; see measuring.py. The names are those of Prometheus."""

from panel.lib.measuring import Measure

_SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_CALL = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_DELAY = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)

REQUESTS = Measure(
    "panel_http_requests_total", "Requests by route, method and status.", ("route", "method", "status")
)
REQUEST_SECONDS = Measure("panel_http_request_seconds", "How long requests took.", ("route",), _SHORT)
UPSTREAM_CALLS = Measure(
    "panel_upstream_calls_total",
    "Calls at providers by what was called and how it came out (ok, rejected, unavailable, unclear).",
    ("provider", "what", "outcome"),
)
UPSTREAM_SECONDS = Measure(
    "panel_upstream_call_seconds", "How long providers took to answer.", ("provider", "what"), _CALL
)
FORWARDING_DELAY = Measure(
    "panel_forwarding_delay_seconds", "From an order's placing until a provider accepted it.", (), _DELAY
)
SMS_HANDED_OVER = Measure(
    "panel_sms_handed_over_total",
    "SMS handed to gateways by how that came out; the one of the settings is 0.",
    ("gateway", "outcome"),
)
MEASURES = (REQUESTS, REQUEST_SECONDS, UPSTREAM_CALLS, UPSTREAM_SECONDS, FORWARDING_DELAY, SMS_HANDED_OVER)
