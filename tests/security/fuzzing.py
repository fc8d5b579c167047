"""Requests made up by a seed: the shapes of the API's document and the fields of pages, broken."""

from __future__ import annotations

import json
import random
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from secondsource.accounts.rights import Role
from secondsource.accounts.services import issue_token
from tests import factories
from tests.factories import JOB
from tests.security.world import World, routes

SCOPES = ("read", "write", "approve", "prices", "margins")
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 10**30, 1.5, -0.0, 1e300, "", " ", "x", "x" * 5000, "0",
    "-1", "1e400", "NaN", "Infinity", "1,5", "1.000", "١٢", "²", "2026-02-30", "0000-00-00",
    "9999-12-31", "2026-01-02", "abc", "＝1+1", "=1+1", "\u202e\u200b", "💥", "\ufffe", "é" * 300,
    "%00", "'; --", "{{7*7}}", "../../etc", "EUR", "XYZ", "R-1", "manufacturer", [], {}, [[]],
    [{}], [None], [[[[[[]]]]]], {"": {}}, {"a": [1, {"b": None}]}, {"amount": "1"},
    {"amount": 1, "currency": []}, {"manufacturer": {}, "mpn": []}, {"name": "x", "role": {}},
    ["x"] * 3000, [{}] * 600, {f"n{number}": 1 for number in range(300)},
    "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
BODIES = [
    b"", b"{", b"null", b"[]", b'"x"', b"NaN", b'{"a":NaN}', b"[" * 50_000, b'{"a":' * 5_000,
    b"\xff\xfe", b'{"a":"\\ud800"}', b'{"a":"\\u0000"}', b'{"a":1e999}', b'{"a":' + b"9" * 5_000,
]  # fmt: skip
TYPES = ["application/json", "application/json; charset=utf-8", "text/plain", "multipart/form-data",
         "application/x-www-form-urlencoded", "", "application/json;;;"]  # fmt: skip
VERSIONS = ["", "abc", "0", "-1", "999999", "9" * 40, "1.5", "²", "None"]
TAGS = ['"1"', '"999"', "*", "x", 'W/"1"', '""', '"1", "2"', "1"]
QUERIES = ["q", "sort", "cursor", "limit", "ordering", "with_count", "fields", "search", "page",
           "columns", "view", "export", "kind", "source", "product", "to", "revision", "from",
           "part", "quantity", "date", "supplier", "unknown"]  # fmt: skip
FILES = [b"", b"a,b\n1,2\n", b"Part number,Stock\nA-1,5\n", b"\xff\xfe\x00", b"PK\x03\x04"]
#: Ends the session, or is the library's own.
LEFT_OUT = re.compile(r"^accounts/|^api/|^health/|^static/")
_OFTEN = {"patch": 4, "post": 2}
_NAME = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"[^>]*>')
_VALUE = re.compile(r'\bvalue="([^"]*)"')


def _takes_posts(pattern: Any) -> bool:
    return hasattr(getattr(pattern.callback, "view_class", None), "post")


@dataclass
class Told:
    """What came of the requests: how many by status, and the first of each cause of a 5xx."""

    statuses: Counter[str] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)

    def note(self, where: str, what: str, answer: Any) -> None:
        """Count an answer."""
        self.statuses[f"{where} {answer.status_code}"] += 1
        if answer.status_code >= 500:
            found = getattr(answer, "exc_info", None)
            lines = traceback.format_exception(*found)[-6:] if found else [""]
            text = f"{answer.status_code} {what[:400]}\n{''.join(lines)}"
            self.broken.setdefault(f"{where} {lines[-1][:80]}", text)


class Fuzzer:
    """Sends made-up requests to a world; each is rolled back, so that all meet the same rows."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world, self.told = World(), Told()
        everybody = factories.person(*Role.values)
        _, secret = issue_token(user=everybody, scopes=SCOPES, days=9, actor=JOB)
        self.api = Client(
            raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"}
        )
        self.page = Client(raise_request_exception=False)
        self.page.force_login(everybody)
        self.known = [*self.world.values.values(), *self.world.codes.values(),
                      *self.world.ids.values(), everybody.email]  # fmt: skip
        self.document = self.api.get("/api/v1/schema/").json()
        self.operations = list(self._operations())
        self.pages = [
            (str(pattern.name), self.world.address(route), _takes_posts(pattern))
            for route, pattern in routes()
            if not LEFT_OUT.search(route)
        ]
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.cursors = ["", "x", "end"]
        self.oddness = 0.0

    def run(self, count: int) -> Told:
        """Send ``count`` requests, six of ten to the API."""
        for _ in range(count):
            self.oddness = self.chance.choice([0.0, 0.0, 0.1, 0.4])
            with transaction.atomic():
                (self._ask_api if self.chance.random() < 0.6 else self._ask_page)()
                transaction.set_rollback(True)
        return self.told

    # --- the API --------------------------------------------------------------------------
    def _operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                for _ in range(_OFTEN.get(method, 1)):
                    yield method.upper(), path, operation

    def _ask_api(self) -> None:
        method, path, operation = self.chance.choice(self.operations)
        address = self._address(path)
        if self._is(0.7 if method == "GET" else 0.1):
            address += "?" + self._query(operation)
        headers = {"If-Match": self.chance.choice(TAGS)} if self._is(0.2) else {}
        if method == "POST" and self._is(0.2):
            headers["Idempotency-Key"] = self.chance.choice(["k", "é", "", "x" * 300, "a b"])
        body, kind = self._body(method, operation)
        if kind == "form":
            answer = self.api.post(address, body, headers=headers)
        else:
            answer = self.api.generic(method, address, body, content_type=kind, headers=headers)
        self.told.note(f"API {method}", f"{method} {address} {body!r}", answer)
        self._keep_cursor(answer)

    def _address(self, path: str) -> str:
        route = re.sub(r"\{(\w+)\}", r"<\1>", path).removeprefix("/")
        try:
            address = self.world.address(route)
        except (KeyError, StopIteration):
            address = "/" + re.sub(r"<\w+>", "x", route)
        odd = self.chance.choice(["x", "0", "%F0%9F%92%A5", "a%2Fb", "9" * 50])
        return re.sub(r"[^/]+/$", f"{odd}/", address) if self._is(0.05) else address

    def _query(self, operation: dict[str, Any]) -> str:
        declared = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        names = self.chance.choices(declared or QUERIES, k=self.chance.randint(1, 3))
        names += [self.chance.choice(QUERIES)] if self._is(0.2) else []
        return "&".join(f"{name}={self._text_for(name)}" for name in names)

    def _text_for(self, name: str) -> str:
        if name == "cursor":
            return self.chance.choice(self.cursors)
        value = self.chance.choice(self.known) if self._is(0.4) else self.chance.choice(ODD)
        text = value if isinstance(value, str) else json.dumps(value)
        return "".join(f"%{byte:02X}" for byte in text[:200].encode("utf-8", "ignore"))

    def _keep_cursor(self, answer: Any) -> None:
        if answer.get("Content-Type") == "application/json" and b'"next":"' in answer.content[:400]:
            found = re.search(rb"cursor=([^&\"]+)", answer.content)
            self.cursors += [found[1].decode()] if found else []

    def _body(self, method: str, operation: dict[str, Any]) -> tuple[Any, str]:
        content = operation.get("requestBody", {}).get("content", {})
        if self._is(0.05) or (not content and method != "GET"):
            return self.chance.choice(BODIES), self.chance.choice(TYPES)
        if not content:
            return b"", ""
        if "multipart/form-data" in content and "application/json" not in content:
            return self._form(content["multipart/form-data"]["schema"]), "form"
        made = self._made(content["application/json"]["schema"], method == "PATCH")
        kind = self.chance.choice(TYPES) if self._is(0.02) else "application/json"
        return json.dumps(made), kind

    def _form(self, schema: dict[str, Any]) -> dict[str, Any]:
        made = self._made(self._whole(schema), partial=False)
        sent = made if isinstance(made, dict) else {}
        texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in sent.items()}
        return {**texts, "file": SimpleUploadedFile("f.csv", self.chance.choice(FILES))}

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for several in ("oneOf", "anyOf", "allOf"):
            if several in schema:
                return self._whole(self.chance.choice(schema[several]))
        return schema

    def _made(self, schema: dict[str, Any], partial: bool = True, depth: int = 0) -> Any:
        """A value of a shape, now and then another one; ``partial``: fields may be missing."""
        schema = self._whole(schema)
        if self._is(self.oddness) or depth > 6:
            return self.chance.choice(ODD)
        kind = schema.get("type")
        kind = self.chance.choice(kind) if isinstance(kind, list) else kind
        if kind == "object" and "properties" in schema:
            return self._object(schema, partial, depth)
        if kind == "array":
            length = self.chance.choice([0, 1, 1, 2, 3, 200])
            return [self._made(schema.get("items", {}), True, depth + 1) for _ in range(length)]
        return self._plain(schema, kind)

    def _object(self, schema: dict[str, Any], partial: bool, depth: int) -> dict[str, Any]:
        needed = set() if partial else set(schema.get("required", ()))
        made = {
            name: self._made(inner, partial, depth + 1)
            for name, inner in schema["properties"].items()
            if name in needed or self._is(0.5)
        }
        return made | ({"unknown": self.chance.choice(ODD)} if self._is(0.05) else {})

    def _plain(self, schema: dict[str, Any], kind: Any) -> Any:
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        if kind == "boolean":
            return self._is(0.5)
        if kind in ("integer", "number"):
            return self.chance.choice([0, 1, 2, 7, 100, 10**6, -3, 0.5, 2**31, 10**20])
        if kind == "string" and self._is(0.6):
            dates = ["2026-01-02", "2030-12-31", "0001-01-01", "1.25", "0.5", "12"]
            return self.chance.choice([*self.known, *dates])
        return self.chance.choice(ODD)

    # --- pages ----------------------------------------------------------------------------
    def _ask_page(self) -> None:
        name, address, takes_posts = self.chance.choice(self.pages)
        if self._is(0.3 if takes_posts else 0.9):
            query = "&".join(f"{n}={self._text_for(n)}" for n in self.chance.choices(QUERIES, k=2))
            answer = self.page.get(f"{address}?{query}")
            self.told.note("page GET", f"GET {address}?{query}", answer)
            return
        sent = self._fields(self._form_of(name, address))
        headers = {"HX-Request": "true", "HX-Target": "dialog"} if self._is(0.1) else {}
        answer = self.page.post(address, sent, headers=headers)
        self.told.note("page POST", f"POST {address} {sent!r}", answer)

    def _form_of(self, name: str, address: str) -> dict[str, list[str]]:
        """The fields of a page's forms and the values that stand in them."""
        if name not in self.forms:
            answer = self.page.get(address)
            is_page = answer.get("Content-Type", "").startswith("text/html")
            text = answer.content.decode() if is_page else ""
            found: dict[str, list[str]] = {}
            for tag in _NAME.finditer(text):
                value = _VALUE.search(tag[0])
                found.setdefault(unescape(tag[1]), []).append(unescape(value[1]) if value else "")
            found |= {"expected": ["1"], "note": ["why"], "text": ["x"]}
            self.forms[name] = found
        return self.forms[name]

    def _fields(self, form: dict[str, list[str]]) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for name, values in form.items():
            if self._is(0.15):
                continue
            value: Any = self.chance.choice(values)
            if name in ("expected", "current") and self._is(0.5):
                value = self.chance.choice(VERSIONS)
            elif self._is(0.3):
                odd = self.chance.choice([*ODD, *self.known])
                value = odd if isinstance(odd, str) else json.dumps(odd)[:5000]
            sent[name] = [value] * self.chance.choice([1, 1, 1, 2, 300]) if self._is(0.1) else value
        if self._is(0.05):
            sent["file"] = SimpleUploadedFile("f.csv", self.chance.choice(FILES))
        return sent

    def _is(self, likely: float) -> bool:
        return self.chance.random() < likely
