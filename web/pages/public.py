"""What citizens reach without signing in."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.downloads import public_file
from services.media import read_asset
from services.runtime import Runtime

router = APIRouter(prefix="/public")


@router.get("/files/{item_id}")
def download(request: Request, item_id: int) -> Response:
    """Give a form, e-book or table as a file; nobody has to sign in, nothing is noted about who asks."""
    rt: Runtime = request.app.state.rt
    with rt.sessions.begin() as session:
        asset = public_file(session, item_id)
    name = quote(asset.name)
    return Response(
        read_asset(rt.media_dir, asset.sha256),
        media_type=asset.mime,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
