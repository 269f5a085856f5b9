"""Pictures of campaigns as browsers and apps get them."""

import pytest
from django.test import Client

from campaigns.covers import keep_cover

PNG = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"


@pytest.fixture
def cover(db):
    return keep_cover(PNG)


def test_the_bytes_under_their_own_type_and_nothing_that_could_run(cover):
    for path in (f"/covers/{cover.digest}", f"/covers/{cover.digest}/"):
        answer = Client().get(path)
        assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, PNG, {})
        assert {name: answer.headers[name] for name in ("Content-Type", "Cache-Control", "ETag")} == {
            "Content-Type": "image/png",
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{cover.digest}"',
        }
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_the_other_types(db, content, media_type):
    assert Client().get(f"/covers/{keep_cover(content).digest}").headers["Content-Type"] == media_type


def test_whoever_has_it_gets_304(cover):
    etag = f'"{cover.digest}"'
    for method in ("get", "head"):
        answer = getattr(Client(), method)(f"/covers/{cover.digest}", headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    other = Client().get(f"/covers/{cover.digest}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_head(cover):
    answer = Client().head(f"/covers/{cover.digest}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(PNG))


@pytest.mark.parametrize("digest", ["0" * 64, "A" * 64, "0" * 63, "x", "", "../admin", "%00" * 64])
def test_what_is_not_there(db, digest):
    answer = Client().get(f"/covers/{digest}", headers={"If-None-Match": f'"{digest}"'})
    assert answer.status_code == 404


def test_nothing_can_be_written(cover):
    assert Client().post(f"/covers/{cover.digest}").status_code == 405
