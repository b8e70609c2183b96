"""The page about the API, made from its own OpenAPI document: no script, no style of its own, no other host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from ninja import NinjaAPI
from pydantic_core import to_json

ABOUT = (
    "The verbs of Firstline's pages, with the same rules. Sign in with `Authorization: Bearer TOKEN` "
    "(`firstline token create --user LOGIN`). Lists are `{items, next_cursor}`; `cursor` asks for the next page. "
    "Every POST takes an `Idempotency-Key`: the same key and body give the first answer again, another body 409. "
    "`If-Match` with a ticket's ETag refuses (409) where somebody else was quicker. Refusals are problem documents "
    "(RFC 9457) that name the field. Times are ISO 8601 with their offset."
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Firstline API</title><link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}"></head>
<body class="api-docs"><main class="prose"><h1>Firstline API</h1><p>{}</p>
<p><a href="openapi.json">OpenAPI 3.1</a></p><nav aria-label="Operations"><ul>{}</ul></nav>{}
<section><h2 id="shapes">Shapes</h2>{}</section></main></body></html>"""
OPERATION = """<section><h2 id="{0}"><code>{1} {2}</code></h2><p><strong>{3}</strong></p><p>{4}</p>{5}{6}
<p>Answers: {7}</p></section>"""


def docs(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The view of /api/v1/docs."""

    def page(request: HttpRequest) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = list(_operations(schema))
        links = format_html_join(
            "", '<li><a href="#{}">{} {}</a></li>', [(_anchor(one), *one[:2]) for one in operations]
        )
        sections = format_html_join("", "{}", [(_operation(*one),) for one in operations])
        shapes = format_html_join(
            "", '<h3 id="{}">{}</h3><pre><code>{}</code></pre>',
            [(f"shape-{name}", name, to_json(shape, indent=2).decode()) for name, shape in _shapes(schema)],
        )  # fmt: skip
        sheets = (static("ui/css/tokens.css"), static("ui/css/base.css"))
        return HttpResponse(format_html(PAGE, *sheets, ABOUT, links, sections, shapes))

    return page


Operation = tuple[str, str, dict[str, Any]]


def _operations(schema: dict[str, Any]) -> Iterator[Operation]:
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), address, operation


def _shapes(schema: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(schema["components"]["schemas"].items())


def _anchor(operation: Operation) -> str:
    return str(operation[2]["operationId"])


def _operation(method: str, address: str, said: dict[str, Any]) -> SafeString:
    return format_html(
        OPERATION, _anchor((method, address, said)), method, address, said.get("summary", ""),
        said.get("description", ""), _parameters(said), _body(said),
        ", ".join(str(status) for status in said["responses"]),
    )  # fmt: skip


def _parameters(said: dict[str, Any]) -> SafeString:
    if not said.get("parameters"):
        return SafeString("")
    rows = [
        (
            one["name"],
            one["in"],
            "required" if one.get("required") else "optional",
            to_json(_type(one["schema"])).decode(),
        )
        for one in said["parameters"]
    ]
    return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> ({}, {}) <code>{}</code></li>", rows))


def _type(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "title"}


def _body(said: dict[str, Any]) -> SafeString:
    content = said.get("requestBody", {}).get("content", {})
    rows = []
    for kind, one in content.items():
        schema = one["schema"]
        choices = [schema, *schema.get("anyOf", ())]
        names = [choice["$ref"].rpartition("/")[2] for choice in choices if "$ref" in choice]
        rows.append((kind, format_html_join(" ", '<a href="#shape-{}">{}</a>', [(name, name) for name in names])))
    return format_html_join("", "<p>Body: <code>{}</code> {}</p>", rows)
