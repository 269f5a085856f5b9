"""Reading an OpenAPI document into what people read: calls with fields, samples, answers and errors.

An operation whose body is one of several titled schemas (the standard API's actions) is as many calls.
"""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlencode

from django.utils.text import slugify

from panel.api.docs.documents import FORM, JSON
from panel.api.docs.limits import describe_limits, describe_place, describe_type


class Shown(Enum):
    """What there is to see of a good answer."""

    JSON = "json"
    PLACE = "place"  # the address that it leads to
    STATUS = "status"  # nothing else: no body, or a page for people


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `form` (name → value) or `json` is its body, both None where there is none."""

    method: str
    url: str
    headers: dict = field(default_factory=dict)
    form: dict | None = None
    json: object = None
    shown: Shown = Shown.JSON


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as the table shows it; `place`, `type` and `limits` are in words."""

    name: str
    place: str
    type: str
    limits: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A kind of body (a service type) with the fields that it needs, and those of which one is needed."""

    title: str
    needed: list
    one_of: list


@dataclass(frozen=True, slots=True)
class Answer:
    """A documented answer; `example` is its JSON value, None where there is none.

    `told` is the status in the body, for refusals of contracts that send them with HTTP status 200; `is_json` says
    whether the body is JSON.
    """

    status: str
    description: str
    example: object
    told: int | None = None
    is_json: bool = True

    @property
    def is_good(self):
        """Whether the call did what it should."""
        return self.status < "300" and self.told is None

    @property
    def is_moved(self):
        """Whether what is asked for is somewhere else: at another address, or with the caller already."""
        return "300" <= self.status < "400"


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that a client can ask for."""

    name: str
    title: str
    method: str
    path: str
    description: str
    fields: list
    variants: list
    samples: list  # of (name, Request)
    answers: list
    errors: list  # rows of `x-errors` that answer this call and not every one

    @property
    def anchor(self):
        """Its id on the page."""
        return f"call-{slugify(self.name)}"


def list_calls(document):
    """The document's calls in its order."""
    return [
        call
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for call in _read_operation(document, path, method.upper(), operation)
    ]


def list_common_errors(document):
    """The rows of `x-errors` that may answer every call."""
    return [row for row in document["x-errors"] if not row["calls"]]


def resolve(document, schema):
    """The schema that a reference names; any other as it is."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def read_example(holder):
    """The first example of a parameter, media type or schema, or None."""
    if "example" in holder:
        return holder["example"]
    for example in holder.get("examples", {}).values() if isinstance(holder.get("examples"), dict) else ():
        return example["value"]
    for example in holder.get("examples", ()):
        return example
    return read_example(holder["schema"]) if "schema" in holder else None


def _read_operation(document, path, method, operation):
    content = operation.get("requestBody", {}).get("content", {})
    body = resolve(document, content[JSON]["schema"]) if JSON in content else {}
    variants = [resolve(document, one) for one in body.get("oneOf", ())]
    name = operation["operationId"]
    samples = _list_samples(document, path, method, operation, content)
    if not variants:
        unnamed = [("", request) for _name, request in samples]
        return [_read_call(document, path, method, operation, (name, body, unnamed))]
    return [
        _read_call(
            document,
            path,
            method,
            operation | {"summary": one["title"], "description": one["description"]},
            (one["title"], one, [pair for pair in samples if _belongs(pair[0], one["title"])]),
        )
        for one in variants
    ]


def _read_call(document, path, method, operation, named):
    name, body, samples = named
    is_variant = name != operation["operationId"]
    return Call(
        name=name,
        title=operation.get("summary", name),
        method=method,
        path=path,
        description=operation.get("description", ""),
        fields=_list_fields(document, operation, body, name if is_variant else ""),
        variants=_list_variants(document, body),
        samples=samples,
        answers=_list_answers(operation, name if is_variant else ""),
        errors=[row for row in document["x-errors"] if name in row["calls"]],
    )


def _belongs(sample, name):
    return sample.partition(" ")[0] == name


def _list_fields(document, operation, body, variant):
    fields = [
        Field(
            _name_header(scheme), describe_place("header"), describe_type({}), "", True, scheme["description"]
        )
        for scheme in _list_schemes(document, operation)
    ]
    fields += [
        _read_field(one["name"], one["in"], one["schema"], one.get("required", False), one.get("description"))
        for one in operation.get("parameters", ())
        if not variant or not one.get("x-calls") or variant in one["x-calls"]
    ]
    needed = body.get("required", ())
    for name, schema in body.get("properties", {}).items():
        fields += _list_body_field(document, name, schema, name in needed)
    return fields


def _list_body_field(document, name, schema, required):
    """The field, and after an object what is in it, by names with points."""
    schema = resolve(document, schema)
    fields = [_read_field(name, "body", schema, required, schema.get("description"))]
    needed = schema.get("required", ())
    for inner, one in schema.get("properties", {}).items():
        fields += _list_body_field(document, f"{name}.{inner}", one, required and inner in needed)
    return fields


def _read_field(name, place, schema, required, description):
    return Field(
        name,
        describe_place(place),
        describe_type(schema),
        describe_limits(schema),
        required,
        description or "",
    )


def _list_variants(document, body):
    kinds = [resolve(document, one) for one in body.get("anyOf", ()) if "$ref" in one]
    return [
        Variant(kind["title"], kind["required"], [one["required"][0] for one in kind.get("anyOf", ())])
        for kind in kinds
    ]


def _list_answers(operation, variant):
    """Each answer with its example; those of other variants are left out, and refusals show only the first."""
    answers = []
    for status, response in sorted(operation["responses"].items()):
        media = response.get("content", {}).get(JSON, {})
        examples = {title: one for title, one in media.get("examples", {}).items() if "x-status" not in one}
        picked = [one["value"] for title, one in examples.items() if not variant or _belongs(title, variant)]
        if int(status) >= 300 or not media:
            picked = [read_example(media)]
        words = response.get("description", "")
        answers += [Answer(status, words, example, is_json=bool(media)) for example in picked]
        answers += _list_told_refusals(status, media.get("examples", {}))
    return answers


def _list_told_refusals(status, examples):
    """The first refusal of each status that is told in the body."""
    first = {}
    for one in examples.values():
        if "x-status" in one:
            first.setdefault(one["x-status"], one)
    return [Answer(status, one["summary"], one["value"], told) for told, one in sorted(first.items())]


def _list_samples(document, path, method, operation, content):
    """Each example of the body as a whole request: a form where the contract takes forms first, else JSON."""
    schemes = _list_schemes(document, operation)
    headers = {_name_header(schemes[0]): schemes[0]["x-example"]} if schemes else {}
    query = {}
    for one in operation.get("parameters", ()):
        value = read_example(one)
        if value is None:
            continue
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(value))
        else:
            told = value if isinstance(value, list) else str(value)
            (query if one["in"] == "query" else headers)[one["name"]] = told
    url = document["servers"][0]["url"] + path + (f"?{urlencode(query, doseq=True)}" if query else "")
    shown = _tell_shown(operation["responses"])
    if not content:
        return [("", Request(method, url, headers, shown=shown))]
    forms = next(iter(content)) == FORM
    in_form = content.get(FORM, {}).get("examples", {}) if forms else {}
    named = content[JSON].get("examples") or {"": {"value": read_example(content[JSON])}}
    return [
        (
            name,
            Request(method, url, headers, form=example["value"], shown=shown)
            if name in in_form
            else Request(method, url, headers | {"Content-Type": JSON}, json=example["value"], shown=shown),
        )
        for name, example in named.items()
    ]


def _tell_shown(responses):
    """What the first good answer shows."""
    status, first = min(responses.items())
    if JSON in first.get("content", {}):
        return Shown.JSON
    return Shown.PLACE if status >= "300" else Shown.STATUS


def _list_schemes(document, operation):
    """The security schemes that the operation asks for."""
    schemes = document["components"].get("securitySchemes", {})
    return [schemes[name] for name in next(iter(operation.get("security", ())), ())]


def _name_header(scheme):
    """The header that a security scheme's secret stands in."""
    return scheme.get("name", "Authorization")
