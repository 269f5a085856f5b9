"""OpenAPI documents of the contracts that REST framework serves, made from their views by drf-spectacular.

A contract's module lists its operations; what the views can't tell (summaries, examples, errors) stands there.
"""

from dataclasses import dataclass, field

from django.urls import path
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from panel.api.docs.documents import (
    FORM,
    JSON,
    build_document,
    build_idempotency_header,
    describe_retry_after,
    reference,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its address, the view that serves it, and what the view can't tell.

    `auth` names a security scheme or is empty; `answer` is (serializer, description, example), None where no good
    answer has a body; `body` is (serializer, example) or None; a schema may stand for a serializer. `parameters` are
    OpenApiParameters; `bodiless` are (HTTP status, description, headers) of answers without a body. `repeatable`:
    takes an Idempotency-Key. `media` are the content types of the body; that of a DELETE is a schema.
    """

    name: str
    method: str
    path: str
    view: type
    summary: str
    answer: tuple | None
    description: str = ""
    auth: str = ""
    body: tuple | None = None
    parameters: tuple = ()
    repeatable: bool = False
    bodiless: tuple = ()
    media: tuple = (JSON, FORM)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract's document: `envelope` makes the body of a refusal of its ErrorRow, `errors` are ErrorRows."""

    title: str
    version: str
    description: str
    operations: list
    security: dict  # scheme's name → OpenAPI security scheme with `x-example`
    errors: list
    envelope: object
    error_schema: dict
    fields: dict  # what each field of a body means, by name
    needed: frozenset = frozenset()  # fields of bodies that the engine asks for, not the serializer
    schemas: dict = field(default_factory=dict)  # what operations with schemas for serializers refer to


def generate_document(contract):
    """The contract's OpenAPI document in the active language."""
    patterns = [_route(operation) for operation in contract.operations]
    made = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    paths = {operation.path: made["paths"][operation.path] for operation in contract.operations}
    for operation in contract.operations:
        described = paths[operation.path][operation.method]
        described["description"] = operation.description  # an empty one would be the view's docstring
        _add_refusals(contract, operation, described["responses"])
        for status, description, headers in operation.bodiless:
            described["responses"][str(status)] = {"description": description, "headers": headers}
        if operation.method == "delete" and operation.body:
            described["requestBody"] = _describe_deletion(operation)
        if operation.repeatable:
            described.setdefault("parameters", []).append(build_idempotency_header())
    found = made["components"].get("schemas", {})
    schemas = {name: _drop_docstring(schema) for name, schema in found.items()}
    _describe_bodies(contract, schemas)
    components = {
        "schemas": schemas | contract.schemas | {"Error": contract.error_schema},
        "securitySchemes": contract.security,
    }
    return build_document(
        contract.title, contract.version, contract.description, paths, components, contract.errors
    )


def header(name, description, example):
    """A header that a call needs."""
    examples = [OpenApiExample("example", value=example)]
    return OpenApiParameter(name, str, "header", required=True, description=description, examples=examples)


def _route(operation):
    # A class of its own for each path: one view may serve several, each with its own words.
    view = type(operation.view.__name__, (operation.view,), {"http_method_names": [operation.method]})
    examples, responses = [], {}
    if operation.answer:
        serializer, description, example = operation.answer
        examples = [OpenApiExample("example", value=example, response_only=True, status_codes=["200"])]
        responses = {(200, JSON): OpenApiResponse(serializer, description=description)}
    request, given = operation.body or (None, None)
    if operation.body:
        for media in operation.media:
            examples.append(OpenApiExample("example", value=given, request_only=True, media_type=media))
    annotate = extend_schema(
        operation_id=operation.name,
        summary=operation.summary,
        description=operation.description,
        parameters=list(operation.parameters),
        request=dict.fromkeys(operation.media, request) if request else None,
        responses=responses,
        auth=[{operation.auth: []}] if operation.auth else [{}],
        examples=examples,
        tags=[],
    )
    described = extend_schema_view(**{operation.method: annotate})(view)
    return path(operation.path.lstrip("/").replace("{", "<str:").replace("}", ">"), described.as_view())


def _describe_deletion(operation):
    """The body of a DELETE, of which drf-spectacular takes no notice."""
    schema, example = operation.body
    media = {"schema": schema, "examples": {"example": {"value": example}}}
    return {"required": True, "content": dict.fromkeys(operation.media, media)}


def _drop_docstring(schema):
    """The schema without the serializer's docstring, which is for programmers of the panel."""
    return {name: value for name, value in schema.items() if name != "description"}


def _describe_bodies(contract, schemas):
    bodies = {operation.body[0] for operation in contract.operations if _has_serializer(operation)}
    for name in {body.__name__ for body in bodies}:
        schema = schemas[name.removesuffix("Serializer")]
        for field_name, shape in schema["properties"].items():
            shape["description"] = contract.fields[field_name]
        needed = contract.needed & schema["properties"].keys()
        schema["required"] = sorted({*schema.get("required", ()), *needed})


def _has_serializer(operation):
    return operation.body is not None and not isinstance(operation.body[0], dict)


def _add_refusals(contract, operation, responses):
    """Add what the table of errors has for the operation to its responses, by HTTP status."""
    for row in contract.errors:
        if row.calls and operation.name not in row.calls:
            continue
        refused = {
            "description": row.meaning,
            "content": {JSON: {"schema": reference("Error"), "examples": {}}},
        }
        response = responses.setdefault(str(row.http_status), refused)
        if row.http_status == 200:
            _admit_refusals(response["content"][JSON])
        examples = response["content"][JSON]["examples"]
        shown = {"summary": row.meaning, "value": contract.envelope(row)}
        if row.sent_as is not None:
            shown["x-status"] = row.status
        examples[f"{len(examples) + 1}"] = shown
        if row.http_status == 429:
            response["headers"] = describe_retry_after()


def _admit_refusals(media):
    """Let the answer of a contract whose refusals have HTTP status 200 be one of them, too."""
    if "oneOf" not in media["schema"]:
        media["schema"] = {"oneOf": [media["schema"], reference("Error")]}


class IdFieldSchema(OpenApiSerializerFieldExtension):
    """Numbers that name rows come as numbers or text."""

    target_class = "panel.api.rest.fields.IdField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["integer", "string"], "minimum": 1, "maximum": 2**63 - 1, "pattern": "^[0-9]{1,18}$"}


class WholeNumberSchema(OpenApiSerializerFieldExtension):
    """Counts come as numbers or text; what is too few or too many, the service says."""

    target_class = "panel.api.rest.fields.WholeNumberField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["integer", "string"], "minimum": 1, "pattern": "^[0-9]{1,18}$"}


class TextSchema(OpenApiSerializerFieldExtension):
    """Text as it comes."""

    target_class = "panel.api.rest.fields.TextField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "minLength": 1}


class CommentsSchema(OpenApiSerializerFieldExtension):
    """A list of comments, or one text with a line for each."""

    target_class = "panel.api.gray_city.serializers.CommentsField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["array", "string"], "minItems": 1, "items": {"type": "string", "minLength": 1}}
