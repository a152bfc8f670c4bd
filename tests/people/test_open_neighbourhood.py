"""A new server's first residential area is made by one command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from people.models import Neighbourhood

pytestmark = pytest.mark.django_db


def test_an_area_is_made_and_found(client):
    said = StringIO()
    call_command("open_neighbourhood", "lane-700", "--name", "七百弄居民区", stdout=said)
    assert "/lane-700/" in said.getvalue()
    assert client.get("/lane-700/").status_code == 200


def test_it_can_be_kept_from_the_public_at_first(client):
    call_command("open_neighbourhood", "lane-700", "--name", "七百弄居民区", "--closed", stdout=StringIO())
    assert client.get("/lane-700/").status_code == 404


@pytest.mark.parametrize("slug", ["admin", "me", "accounts", "media", "privacy", "healthz", "files", "verify me", ""])
def test_words_of_the_portals_own_and_no_words_are_refused_with_a_sentence(slug, neighbourhood):
    with pytest.raises(CommandError, match="own addresses|slug|blank|为空|字母|有效"):
        call_command("open_neighbourhood", slug, "--name", "七百弄居民区", stdout=StringIO())
    assert Neighbourhood.objects.count() == 1


def test_an_address_that_is_taken_is_refused(neighbourhood):
    with pytest.raises(CommandError):
        call_command("open_neighbourhood", "lane-600", "--name", "又一个", stdout=StringIO())
