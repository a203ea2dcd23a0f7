"""What Graph answers look like: rows, errors, batch elements, insights."""

import json
from typing import Any

from tests.connectors.stand_in import Reply

CREATED = "2026-11-23T04:30:00+0000"
GOOD = {"id": "1025", "name": "เพจทดสอบ"}


def row(number: int, created: str = CREATED, **more: Any) -> dict[str, Any]:
    return {"id": f"1025_{number}", "message": f"โพสต์ {number}", "created_time": created, **more}


def listing(*rows: dict[str, Any], following: str = "") -> Reply:
    return Reply({"data": list(rows), "paging": {"next": following} if following else {}})


def error(code: int, message: str, subcode: int | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "code": code} | ({"error_subcode": subcode} if subcode else {})}


def element(body: Any, code: int = 200) -> dict[str, Any]:
    return {"code": code, "body": json.dumps(body)}


NO_PERMISSION = element(error(10, "(#10) requires the 'pages_read_user_content' permission"), 403)
NO_METRIC = element(error(100, "(#100) The value must be a valid insights metric"), 400)
NO_FIELD = element(
    error(100, "(#100) Tried accessing nonexisting field (insights) on node type (Video)"), 400
)
GONE = element(error(100, "Unsupported get request.", 33), 400)
BROKEN = element(error(2, "An unexpected error has occurred."), 500)
FULL = {
    "id": "1025_1",
    "shares": {"count": 3},
    "comments": {"data": [], "summary": {"total_count": 7}},
    "reactions": {"data": [], "summary": {"total_count": 42}},
}


def insight(name: str, value: Any, period: str = "lifetime") -> dict[str, Any]:
    return {"name": name, "period": period, "values": [{"value": value}]}


EXPOSURE = {
    "data": [
        insight("post_total_media_view_unique", 5, "day"),
        insight("post_media_view", {"true": 100, "false": 900}),
        insight("post_total_media_view_unique", 800),
        insight("post_clicks", 31),
    ]
}
