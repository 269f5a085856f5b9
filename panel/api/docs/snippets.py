"""A request as a program: curl, Python (requests) and PHP (its curl extension)."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from panel.api.docs.calls import Shown
from panel.api.docs.documents import JSON

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program in one language; `language` is its name for people."""

    language: str
    code: str


def write_snippets(request):
    """The request in all languages."""
    return [
        Snippet("curl", write_curl(request)),
        Snippet("Python", write_python(request)),
        Snippet("PHP", write_php(request)),
    ]


def write_curl(request):
    """A shell command that prints the answer's body, and its head where the head tells how it went."""
    head = "" if request.shown is Shown.JSON else " -i"
    parts = [f"curl{head} -X {request.method} {shlex.quote(request.url)}"]
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers.items()]
    for name, value in (request.form or {}).items():
        parts.append(f"--data-urlencode {shlex.quote(f'{name}={value}')}")
    if request.json is not None:
        parts.append(f"--data {shlex.quote(json.dumps(request.json, ensure_ascii=False, indent=2))}")
    return " \\\n  ".join(parts)


def write_python(request):
    """A program that prints status and JSON (or the next address) of the answer; it needs the package requests."""
    lines = [json.dumps(request.url)]
    headers = {name: value for name, value in request.headers.items() if not _sets_json(request, name)}
    for name, value in (("headers", headers), ("data", request.form), ("json", request.json)):
        if value:
            lines.append(f"{name}={_write_value(value, _PYTHON, 1)}")
    if request.shown is Shown.PLACE:
        lines.append("allow_redirects=False")
    lines.append(f"timeout={SECONDS}")
    arguments = "".join(f"    {line},\n" for line in lines)
    call = f"answer = requests.{request.method.lower()}(\n{arguments})"
    more = {Shown.JSON: ", answer.json()", Shown.PLACE: ', answer.headers["Location"]', Shown.STATUS: ""}
    return f"import requests\n\n{call}\nprint(answer.status_code{more[request.shown]})"


def write_php(request):
    """A program that prints status and body (or the next address) of the answer."""
    options = {"CURLOPT_RETURNTRANSFER": "true", "CURLOPT_TIMEOUT": str(SECONDS)}
    options["CURLOPT_CUSTOMREQUEST"] = _quote_php(request.method)
    if request.headers:
        lines = [f"{name}: {value}" for name, value in request.headers.items()]
        options["CURLOPT_HTTPHEADER"] = _write_value(lines, _PHP, 1)
    if request.form is not None:
        options["CURLOPT_POSTFIELDS"] = f"http_build_query({_write_value(request.form, _PHP, 1)})"
    elif request.json is not None:
        options["CURLOPT_POSTFIELDS"] = f"json_encode({_write_value(request.json, _PHP, 1)})"
    lines = "".join(f"    {name} => {value},\n" for name, value in options.items())
    place = "curl_getinfo($call, CURLINFO_REDIRECT_URL), "
    more = {Shown.JSON: "' ', $answer, ", Shown.PLACE: f"' ', {place}", Shown.STATUS: ""}
    return (
        f"<?php\n$call = curl_init({_quote_php(request.url)});\ncurl_setopt_array($call, [\n{lines}]);\n"
        "$answer = curl_exec($call);\n"
        f"echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), {more[request.shown]}PHP_EOL;"
    )


def _sets_json(request, name):
    return request.json is not None and (name, request.headers[name]) == ("Content-Type", JSON)


def _quote_python(text):
    return json.dumps(text, ensure_ascii=False)


def _quote_php(text):
    plain = text.replace("\\", "\\\\")
    if "\n" in text:  # only double quotes know line ends
        plain = plain.replace('"', '\\"').replace("$", "\\$").replace("\n", "\\n")
        return f'"{plain}"'
    plain = plain.replace("'", "\\'")
    return f"'{plain}'"


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a language writes values: brackets of a map, what stands between name and value, and texts."""

    brackets: str
    arrow: str
    quote: Callable


_PYTHON = _Writing("{}", ": ", _quote_python)
_PHP = _Writing("[]", " => ", _quote_php)


def _write_value(value, how, depth=0):
    """A value of JSON (texts, numbers, lists, maps) as the language writes it, one entry a line."""
    if isinstance(value, str):
        return how.quote(value)
    if not isinstance(value, dict | list):
        return str(value)
    if isinstance(value, dict):
        first, last = how.brackets
        entries = [
            f"{how.quote(name)}{how.arrow}{_write_value(one, how, depth + 1)}" for name, one in value.items()
        ]
    else:
        first, last = "[]"
        entries = [_write_value(one, how, depth + 1) for one in value]
    pad = "    " * depth
    return first + "".join(f"\n{pad}    {entry}," for entry in entries) + f"\n{pad}{last}"
