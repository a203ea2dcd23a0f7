"""Several reads in one call: an array of answers, each with its own code and envelope."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.graph.call import GraphCall
from sandbox.graph.errors import bad_parameter

SIZE_MAX = 50
Perform = Callable[[GraphCall], tuple[int, Any]]


def run(call: GraphCall, perform: Perform) -> list[dict[str, Any]]:
    """POST /: perform each element in order. Raises GraphError when `batch` is no list or too long."""
    elements = call.nested("batch")
    if not isinstance(elements, list):
        raise bad_parameter("Param batch must be an array")
    if len(elements) > SIZE_MAX:
        raise bad_parameter(f"Too many requests in batch message. Maximum batch size is {SIZE_MAX}")
    answers = []
    for element in elements:
        status, body = perform(_inner(call, element))
        answer: dict[str, Any] = {"code": status, "body": json.dumps(body)}
        if call.flag("include_headers", default=True):
            answer["headers"] = [{"name": "Content-Type", "value": "application/json; charset=UTF-8"}]
        answers.append(answer)
    return answers


def _inner(call: GraphCall, element: Any) -> GraphCall:  # noqa: ANN401 - whatever the array held
    if not isinstance(element, dict) or "relative_url" not in element:
        raise bad_parameter("Each element of batch must be an object with relative_url")
    url = urlsplit(str(element["relative_url"]))
    carried = {name: call.params[name] for name in ("access_token", "appsecret_proof") if name in call.params}
    own = dict(parse_qsl(url.query, keep_blank_values=True)) | dict(parse_qsl(str(element.get("body", ""))))
    return dataclasses.replace(
        call,
        method=str(element.get("method", "GET")).upper(),
        path=tuple(part for part in url.path.split("/") if part),
        params=carried | own,
        files={},
    )
