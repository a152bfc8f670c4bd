from pathlib import Path

import pytest


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (tmp_path / "secret.txt").write_text("private")
    return Path(settings.MEDIA_ROOT)


def test_a_published_file_is_asked_for_again_each_time(client, media, db):
    (media / "bed.svg").write_text("<svg/>")

    response = client.get("/media/bed.svg")

    assert b"".join(response.streaming_content) == b"<svg/>"
    assert "no-cache" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    again = client.get("/media/bed.svg", headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["gone.svg", "../secret.txt", "%2e%2e/secret.txt", "a%00b", ""])
def test_nothing_else_is_given_away(client, media, db, path):
    assert client.get(f"/media/{path}").status_code == 404
