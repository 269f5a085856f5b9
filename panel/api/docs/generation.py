"""OpenAPI documents of the contracts that REST framework serves, made from their views by drf-spectacular.

A contract's module lists its operations; what the views can't tell (summaries, examples, errors) stands there.
"""

from dataclasses import dataclass

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

    `auth` names a security scheme or is empty; `answer` is (serializer, description, example); `body` is (serializer,
    example) or None; `parameters` are OpenApiParameters. `repeatable`: takes an Idempotency-Key.
    """

    name: str
    method: str
    path: str
    view: type
    summary: str
    answer: tuple
    description: str = ""
    auth: str = ""
    body: tuple | None = None
    parameters: tuple = ()
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract's document: `envelope` makes the body of a refusal of its words, `errors` are ErrorRows."""

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


def generate_document(contract):
    """The contract's OpenAPI document in the active language."""
    patterns = [_route(operation) for operation in contract.operations]
    made = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    paths = {operation.path: made["paths"][operation.path] for operation in contract.operations}
    for operation in contract.operations:
        described = paths[operation.path][operation.method]
        described["description"] = operation.description  # an empty one would be the view's docstring
        described["responses"] |= _list_refusals(contract, operation)
        if operation.repeatable:
            described.setdefault("parameters", []).append(build_idempotency_header())
    schemas = {name: _drop_docstring(schema) for name, schema in made["components"]["schemas"].items()}
    _describe_bodies(contract, schemas)
    components = {
        "schemas": schemas | {"Error": contract.error_schema},
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
    serializer, description, example = operation.answer
    examples = [OpenApiExample("example", value=example, response_only=True, status_codes=["200"])]
    request, given = operation.body or (None, None)
    if operation.body:
        for media in (JSON, FORM):
            examples.append(OpenApiExample("example", value=given, request_only=True, media_type=media))
    annotate = extend_schema(
        operation_id=operation.name,
        summary=operation.summary,
        description=operation.description,
        parameters=list(operation.parameters),
        request={JSON: request, FORM: request} if request else None,
        responses={(200, JSON): OpenApiResponse(serializer, description=description)},
        auth=[{operation.auth: []}] if operation.auth else [{}],
        examples=examples,
        tags=[],
    )
    described = extend_schema_view(**{operation.method: annotate})(view)
    return path(operation.path.lstrip("/").replace("{", "<str:").replace("}", ">"), described.as_view())


def _drop_docstring(schema):
    """The schema without the serializer's docstring, which is for programmers of the panel."""
    return {name: value for name, value in schema.items() if name != "description"}


def _describe_bodies(contract, schemas):
    for name in {operation.body[0].__name__ for operation in contract.operations if operation.body}:
        schema = schemas[name.removesuffix("Serializer")]
        for field, shape in schema["properties"].items():
            shape["description"] = contract.fields[field]
        needed = contract.needed & schema["properties"].keys()
        schema["required"] = sorted({*schema.get("required", ()), *needed})


def _list_refusals(contract, operation):
    """The responses of all statuses that the table of errors has for the operation."""
    responses = {}
    for row in contract.errors:
        if row.calls and operation.name not in row.calls:
            continue
        status = responses.setdefault(
            str(row.status),
            {
                "description": row.meaning,
                "content": {JSON: {"schema": reference("Error"), "examples": {}}},
            },
        )
        examples = status["content"][JSON]["examples"]
        examples[f"{len(examples) + 1}"] = {"summary": row.meaning, "value": contract.envelope(row.text)}
        if row.status == 429:
            status["headers"] = describe_retry_after()
    return responses


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
