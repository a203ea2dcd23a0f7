"""Stored pictures and files, to people who signed in."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from services import media
from web.session import SignedIn

router = APIRouter(prefix="/media")


@router.get("/{asset_id}")
def show(who: SignedIn, asset_id: int) -> Response:
    """Give a stored file: pictures to look at, everything else to download. The same id is the same bytes."""
    with who.rt.sessions.begin() as session:
        asset = media.find_asset(session, asset_id)
    content = media.read_asset(who.rt.media_dir, asset.sha256)
    how = "inline" if asset.mime.startswith("image/") else "attachment"
    return Response(
        content,
        media_type=asset.mime,
        headers={
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(asset.name)}",
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )
