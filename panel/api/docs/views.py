"""The API reference: pages for people, OpenAPI documents and Postman collections for their tools. All are public."""

import json
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from orders.webhooks.outcomes import DELAYS
from orders.webhooks.queueing import RETRY_HOURS
from orders.webhooks.registering import MAX_ENDPOINTS
from orders.webhooks.sending import ANSWER_BYTES, CALL_SECONDS
from orders.webhooks.upkeep import KEEP_FAILED, KEEP_SENT
from panel.api.docs.calls import list_calls, list_common_errors
from panel.api.docs.contracts import CONTRACTS, find_document
from panel.api.docs.documents import KEY
from panel.api.docs.postman import build_collection
from panel.api.docs.readers import find_key_mark
from panel.api.docs.snippets import write_snippets
from panel.api.docs.webhook_events import list_events, list_headers
from panel.api.docs.webhook_samples import RECEIVERS

in_the_readers_language = vary_on_headers("Cookie", "Accept-Language")


@never_cache
@require_safe
def show_index(request):
    """The contracts that the panel serves."""
    contracts = [{"slug": slug, "info": find_document(slug)["info"]} for slug in CONTRACTS]
    return render(request, "api_docs/index.html", {"shell": _choose_shell(request), "contracts": contracts})


@never_cache
@require_safe
def show_contract(request, slug):
    """The reference of one contract, its examples with the reader's own key prefix."""
    document = _find(slug)
    mark = find_key_mark(request.user, CONTRACTS[slug].contract)
    context = {
        "shell": _choose_shell(request),
        "slug": slug,
        "info": document["info"],
        "base_url": settings.BASE_URL,
        "has_key": mark != KEY,
        "calls": [_show_call(call, mark) for call in list_calls(document)],
        "common_errors": list_common_errors(document),
    }
    return render(request, "api_docs/contract.html", context)


@never_cache
@require_safe
def show_webhooks(request):
    """What the panel sends by itself, and how its receivers check and answer it."""
    context = {
        "shell": _choose_shell(request),
        "headers": list_headers(),
        "events": list_events(),
        "receivers": {"snippets": RECEIVERS},
        "signature": {"anchor": "signature"},
        "limits": {
            "seconds": int(CALL_SECONDS),
            "kilobytes": ANSWER_BYTES // 1024,
            "delays": ", ".join(map(str, DELAYS)),
            "hours": RETRY_HOURS,
            "keep_sent": KEEP_SENT.days,
            "keep_failed": KEEP_FAILED.days,
            "addresses": MAX_ENDPOINTS,
        },
    }
    return render(request, "api_docs/webhooks.html", context)


@in_the_readers_language
@require_safe
def send_openapi(request, slug):
    """The OpenAPI document of one contract."""
    return _send(_find(slug))


@in_the_readers_language
@require_safe
def send_postman(request, slug):
    """The Postman collection of one contract, to be saved."""
    response = _send(build_collection(_find(slug)))
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.postman_collection.json"'
    return response


def _find(slug):
    try:
        return find_document(slug)
    except KeyError:
        raise Http404 from None


def _choose_shell(request):
    """Whoever is logged in keeps the panel's menu; visitors have that of the public pages."""
    return "dashboard/frame.html" if request.user.is_authenticated else "public/frame.html"


def _send(value):
    body = json.dumps(value, ensure_ascii=False, indent=2)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _show_call(call, mark):
    """The call with its samples as programs, its answers' examples as text."""
    samples = [
        {
            "name": name,
            "snippets": [replace(one, code=one.code.replace(KEY, mark)) for one in write_snippets(request)],
        }
        for name, request in call.samples
    ]
    answers = [
        {
            "status": one.status if one.told is None else f"{one.status}, status {one.told}",
            "is_good": one.is_good,
            "tone": "success" if one.is_good else "muted" if one.is_moved else "danger",
            "description": one.description,
            "example": "" if one.example is None else json.dumps(one.example, ensure_ascii=False, indent=2),
        }
        for one in call.answers
    ]
    return {"call": call, "samples": samples, "answers": answers}
