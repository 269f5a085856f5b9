"""A contract's calls as a Postman collection (format 2.1)."""

import json
from urllib.parse import parse_qsl, urlsplit

from panel.api.docs.calls import list_calls
from panel.api.docs.documents import INSTAGRAM_TOKEN, KEY, PURCHASE_TOKEN, REFRESH_TOKEN, TOKEN

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# What the reader fills in once: placeholder → name of the collection's variable. Longer ones first.
VARIABLES = {
    REFRESH_TOKEN: "refresh_token",
    INSTAGRAM_TOKEN: "instagram_token",
    PURCHASE_TOKEN: "purchase_token",
    TOKEN: "token",
    KEY: "key",
}


def build_collection(document):
    """The collection of an OpenAPI document, with the server and the secrets as variables."""
    base = document["servers"][0]["url"]
    items = [
        _build_item(sample or call.title, call, request, base)
        for call in list_calls(document)
        for sample, request in call.samples
    ]
    text = json.dumps(items, ensure_ascii=False)
    used = [(mark, name) for mark, name in VARIABLES.items() if mark in text]
    for mark, name in used:
        text = text.replace(mark, f"{{{{{name}}}}}")
    info = document["info"]
    return {
        "info": {"name": info["title"], "description": info["description"], "schema": FORMAT},
        "variable": [
            {"key": "base_url", "value": base},
            *({"key": name, "value": mark} for mark, name in used),
        ],
        "item": json.loads(text),
    }


def _build_item(name, call, request, base):
    described = {
        "method": request.method,
        "description": call.description,
        "header": [{"key": key, "value": value} for key, value in request.headers.items()],
        "url": _build_url(request.url.removeprefix(base)),
    }
    if request.form is not None:
        pairs = [{"key": key, "value": str(value)} for key, value in request.form.items()]
        described["body"] = {"mode": "urlencoded", "urlencoded": pairs}
    elif request.json is not None:
        raw = json.dumps(request.json, ensure_ascii=False, indent=2)
        described["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    return {"name": name, "request": described, "response": []}


def _build_url(path):
    parts = urlsplit(path)
    url = {
        "raw": f"{{{{base_url}}}}{path}",
        "host": ["{{base_url}}"],
        "path": parts.path.strip("/").split("/"),
    }
    if parts.path.endswith("/"):
        url["path"].append("")
    if parts.query:
        url["query"] = [{"key": key, "value": value} for key, value in parse_qsl(parts.query)]
    return url
