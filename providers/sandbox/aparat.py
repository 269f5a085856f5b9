"""Aparat's video API at `/aparat`, as far as the panel asks it: how long a video is.

The end of a video's address says what it is:

| `/v/…` | answer |
|---|---|
| `short…` | 90 seconds |
| `demo` and a number | so many seconds |
| `gone…` | 404 |
| anything else | 600 seconds |

As at Aparat, the duration is a text.
"""

import re

from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

LONG_SECONDS, SHORT_SECONDS = 600, 90
TOLD = re.compile(r"demo([0-9]{1,6})")


def answer_video(state: State, request: Request) -> Answer:
    """`GET etc/api/video/videohash/{hash}`."""
    video = request.path.rpartition("/")[2]
    if video.startswith("gone"):
        return json_answer({"errors": [{"status": 404, "detail": "video not found"}]}, 404)
    return json_answer({"video": {"uid": video, "duration": str(_find_seconds(video))}})


def _find_seconds(video: str) -> int:
    told = TOLD.fullmatch(video)
    if told:
        return int(told[1])
    return SHORT_SECONDS if video.startswith("short") else LONG_SECONDS
