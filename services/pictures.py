"""Pictures made safe and alike: right side up, no camera data, sRGB, at most 2048 px and 4 MB."""

import io
import struct
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.errors import BadInput

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2048
MAX_BYTES = 4 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_FRAMES = 200
PREVIEW_SIDE = 480
QUALITY = 90  # even pure noise of 2048 x 2048 stays below MAX_BYTES
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

DAMAGED = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# Pillow refuses what is twice this; `_open` refuses what is above it, and its warning counts as a refusal
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Picture:
    """A normalised picture: the bytes that are stored, hashed and published."""

    content: bytes
    mime: str
    width: int
    height: int


def normalise(data: bytes) -> Picture:
    """Return the picture as the office publishes it; not_an_image, image_too_large or too_many_frames.

    The same bytes in give the same bytes out. Of a moving picture the first frame is taken.
    """
    image = _srgb(_upright(data))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image.info = {}
    if image.mode != "RGB" or data.startswith(b"\x89PNG"):
        content = _encode(image, "PNG", compress_level=3)
        if len(content) <= MAX_BYTES:
            return Picture(content, "image/png", *image.size)
    flat = _flatten(image)
    content = _encode(flat, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(content, "image/jpeg", *flat.size)


def preview(data: bytes) -> bytes:
    """Return a small JPEG of a picture or of a GIF's first frame; raises what `normalise` raises."""
    image = _srgb(_upright(data))
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    image.info = {}
    return _encode(_flatten(image), "JPEG", quality=80, optimize=True)


def _upright(data: bytes) -> Image.Image:
    """Decode completely, so that a truncated file is found out here, and turn as the camera says."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadInput("image_too_large", field="file", width=opened.width, height=opened.height)
            frames = getattr(opened, "n_frames", 1)
            if frames > MAX_FRAMES:
                raise BadInput("too_many_frames", field="file", frames=frames, limit=MAX_FRAMES)
            opened.load()
            return ImageOps.exif_transpose(opened)
    except BOMBS as exc:
        raise BadInput("image_too_large", field="file", width="?", height="?") from exc
    except DAMAGED as exc:
        raise BadInput("not_an_image", field="file") from exc


def _srgb(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB, RGB or RGBA, whatever colours it came in."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    plain = image if image.mode in {"RGB", "RGBA", "CMYK", "L"} else image.convert(mode)
    if profile:
        # a broken profile is no reason to refuse the picture
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(plain, source, SRGB, outputMode=mode) or plain.convert(mode)
    return plain.convert(mode)


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _encode(image: Image.Image, kind: str, **options: bool | int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
