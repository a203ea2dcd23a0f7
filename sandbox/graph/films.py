"""Videos on their way: what of them came, and how the platform's work on them goes."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.graph.call import GraphCall
from sandbox.things import Media, Post

VIDEO = "video"
UPLOADING, PROCESSING, READY = "uploading", "processing", "ready"
PROCESSED_AFTER_S = 60


@dataclass
class Film:
    """One upload on its way: what came so far, and how often somebody asked how it goes."""

    video: Media
    size: int
    content: bytearray = field(default_factory=bytearray)
    finished: bool = False
    asked: int = 0


def status_of(call: GraphCall, video: Media) -> dict[str, Any]:
    """Return the status member; a video is ready when asked often enough, or after a while."""
    film = call.world.films.get(video.id)
    if isinstance(film, Film):
        film.asked += 1
    settle(call, video)
    came, done = video.state != UPLOADING, video.state not in (UPLOADING, PROCESSING)
    return {
        "video_status": video.state,
        "uploading_phase": {"status": "complete" if came else "in_progress"},
        "processing_phase": {"status": "complete" if done else "in_progress" if came else "not_started"},
        "publishing_phase": {"status": "complete" if done and video.post else "not_started"},
    }


def settle(call: GraphCall, video: Media) -> bool:
    """Let a video become what the setting says when its time has come; say whether people can see it."""
    film = call.world.films.get(video.id)
    age_s = (call.world.clock.now() - video.created_at).total_seconds()
    asked_enough = isinstance(film, Film) and film.asked > call.world.settings.video_polls
    if video.state == PROCESSING and (asked_enough or age_s >= PROCESSED_AFTER_S):
        video.state = call.world.settings.video_end
        call.world.keep_media(video)
    return video.state == READY


def shown(call: GraphCall, post: Post) -> bool:
    """Say whether people can see a post: one with a video only once that is ready."""
    return all(one.category != VIDEO or settle(call, one) for one in call.world.media_of(post))
