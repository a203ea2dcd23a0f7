"""Facebook's usage headers: absent at first, then percentages of the limits, each a JSON string."""

import json

from sandbox.accounts import FACEBOOK
from sandbox.state import World

THROTTLED = {4, 17, 32, 613, 80001}


def headers(world: World, page_id: str, code: int = 0, regain_minutes: int = 0) -> dict[str, str]:
    """Return the headers of this answer; `code` is the error code in it, 0 without one."""
    settings = world.settings
    throttled = code in THROTTLED
    if not throttled and world.calls[FACEBOOK] < settings.usage_headers_from_call:
        return {}
    minutes = regain_minutes if throttled else settings.regain_access_minutes
    page = {
        "type": "pages",
        "call_count": 100 if throttled else settings.page_usage,
        "total_cputime": settings.page_usage,
        "total_time": settings.page_usage,
        "estimated_time_to_regain_access": minutes,
    }
    app = 100 if code == 4 else settings.app_usage  # noqa: PLR2004 - code 4 is the app's own limit
    used = {"call_count": app, "total_time": settings.app_usage, "total_cputime": settings.app_usage}
    return {"x-app-usage": json.dumps(used), "x-business-use-case-usage": json.dumps({page_id: [page]})}
