"""Stored pictures, videos and files, to people who signed in."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse, RedirectResponse, Response

from services import media
from web.session import SignedIn

router = APIRouter(prefix="/media")
KEPT = {"Cache-Control": "private, max-age=86400, immutable"}  # the same id is the same bytes
LOOKED_AT = ("image/", "video/")


@router.get("/{asset_id}")
def show(who: SignedIn, asset_id: int) -> Response:
    """Give a stored file: pictures and videos to look at, everything else to download."""
    with who.rt.sessions.begin() as session:
        asset = media.find_asset(session, asset_id)
    how = "inline" if asset.mime.startswith(LOOKED_AT) else "attachment"
    headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(asset.name)}"} | KEPT
    if asset.mime.startswith("video/"):
        # too large for memory; players ask for pieces of it
        path = media.found_path(who.rt.media_dir, asset.sha256)
        return FileResponse(path, media_type=asset.mime, headers=headers)
    content = media.read_asset(who.rt.media_dir, asset.sha256)
    return Response(content, media_type=asset.mime, headers=headers)


@router.get("/{asset_id}/preview")
def preview(who: SignedIn, asset_id: int) -> Response:
    """Give the small picture of a picture, a GIF or a video; a sign for a video nobody drew."""
    small = media.preview_of(who.rt, asset_id)
    if not small:
        return RedirectResponse("/static/film.svg")
    return Response(small, media_type="image/jpeg", headers=KEPT)
