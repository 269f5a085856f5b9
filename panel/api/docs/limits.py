"""A field's place, type and limits in words, in the active language."""

from django.utils.translation import gettext as _


def describe_place(place):
    """Where a field stands in a request; `place` is OpenAPI's word or `body`."""
    return {"header": _("header"), "path": _("path"), "query": _("query"), "body": _("body")}[place]


def describe_type(schema):
    """The schema's type as people say it, several with a stroke between."""
    types = schema.get("type", "string")
    words = {
        "integer": _("whole number"),
        "number": _("number"),
        "string": _("text"),
        "boolean": _("true or false"),
        "array": _("list"),
        "object": _("object"),
    }
    return " / ".join(words[one] for one in ([types] if isinstance(types, str) else types) if one in words)


def describe_limits(schema):
    """The bounds, lengths and allowed values of a schema in one line; empty when it has none."""
    parts = []
    if "const" in schema:
        parts.append(_("always %(value)s") % {"value": schema["const"]})
    if "enum" in schema:
        parts.append(_("one of: %(values)s") % {"values": ", ".join(map(str, schema["enum"]))})
    parts += _describe_bounds(schema)
    if "maxLength" in schema:
        parts.append(_("at most %(count)s characters") % {"count": schema["maxLength"]})
    if "maxItems" in schema:
        parts.append(_("at most %(count)s entries") % {"count": schema["maxItems"]})
    return "; ".join(parts)


def _describe_bounds(schema):
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is not None and high >= 10**15:  # no limit that anybody meets
        high = None
    if low is not None and high is not None:
        return [_("from %(low)s to %(high)s") % {"low": low, "high": high}]
    if low is not None:
        return [_("at least %(low)s") % {"low": low}]
    return [_("at most %(high)s") % {"high": high}] if high is not None else []
