from django.contrib.staticfiles import finders


def test_the_icon_is_there(client, db):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert finders.find(response.url.removeprefix("/static/"))


def test_search_engines_are_kept_out_of_what_is_personal(client, db):
    told = client.get("/robots.txt").content.decode()

    assert "Disallow: /me/" in told
    assert "Disallow: /admin/" in told
