"""A second opinion on a video, and its first picture, by ffprobe and ffmpeg where they are installed.

They read what strangers made, so each run has little memory, little time, no network and no environment.
"""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from core.errors import BadInput
from services.films import Film

SECONDS: Final = 20
MEMORY_KB: Final = 1_500_000
# the shell sets the limits and then becomes the program, so nothing runs without them
LIMITED: Final = f'ulimit -v {MEMORY_KB}; ulimit -t {SECONDS}; exec "$@"'
BY_SIGNAL: Final = 128  # a shell adds this to the signal by which a program ended, as the limits end it
FACTS: Final = "stream=codec_type,codec_name,pix_fmt,field_order"
PLAIN_PIXELS: Final = ("yuv420p", "yuvj420p")
PROGRESSIVE: Final = ("", "progressive", "unknown")


def second_opinion(path: Path, film: Film) -> tuple[Film, str]:
    """Return a film with what ffprobe knows better, and who looked: `ffprobe`, or `boxes` without it.

    Raises film_damaged when ffprobe cannot read it, film_too_heavy when it takes too much time or memory.
    """
    program = shutil.which("ffprobe")
    if program is None:
        return film, "boxes"
    found = _run(program, "-v", "error", "-show_entries", FACTS, "-of", "json", *_only_here(path))
    streams = json.loads(found or b"{}").get("streams", [])
    return replace(film, **_better(streams)), "ffprobe"


def first_picture(path: Path) -> bytes:
    """Return a PNG of a film's first second; empty where ffmpeg is not installed or finds none."""
    program = shutil.which("ffmpeg")
    if program is None:
        return b""
    shot = ("-frames:v", "1", "-vf", "thumbnail=25,scale=960:-2", "-c:v", "png", "-f", "image2pipe", "-")
    try:
        return _run(program, "-v", "error", "-nostdin", "-threads", "1", *_only_here(path), *shot)
    except BadInput:
        return b""  # a film without a preview is still a film


def _only_here(path: Path) -> tuple[str, ...]:
    """Return how to name an input that must not lead anywhere else."""
    return ("-protocol_whitelist", "file", "-f", "mp4", "-i", f"file:{path}")


def _run(*command: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - the program is ours, the path is a hash
            ["/bin/sh", "-c", LIMITED, "sh", *command],
            capture_output=True, check=True, timeout=SECONDS, env={}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as exc:
        raise BadInput("film_too_heavy", field="file") from exc
    except subprocess.CalledProcessError as exc:
        ended = exc.returncode < 0 or exc.returncode > BY_SIGNAL
        raise BadInput("film_too_heavy" if ended else "film_damaged", field="file") from exc
    return done.stdout


def _better(streams: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of a Film that ffprobe's answer corrects."""
    kinds = {stream.get("codec_type"): stream for stream in reversed(streams)}
    video, sound = kinds.get("video"), kinds.get("audio", {})
    if video is None:
        raise BadInput("film_without_picture", field="file")
    exotic = []
    if video.get("pix_fmt", "yuv420p") not in PLAIN_PIXELS:
        exotic.append("pixels")
    if video.get("field_order", "") not in PROGRESSIVE:
        exotic.append("interlaced")
    return {
        "video_codec": video.get("codec_name", ""),
        "audio_codec": sound.get("codec_name", ""),
        "exotic": tuple(exotic),
    }
