"""Names that outlive a release in sessions, queues and caches: whoever moves a module keeps these answering."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from django.utils.module_loading import import_string

from config.celery import app
from people.models import User
from portal import panels, tokens

#: Written by the release before (a6c26c8) into the broker and into beat's memory.
TASKS = {
    "activities.tasks.finish_past_activities",
    "activities.tasks.lapse_offers",
    "activities.tasks.queue_due_reminders",
    "people.tasks.dispatch_outbox",
    "people.tasks.heartbeat_worker",
    "people.tasks.make_renditions",
    "people.tasks.rebuild_search",
    "people.tasks.sweep_public_files",
    "people.tasks.sweep_search",
    "projects.tasks.queue_project_digests",
    "projects.tasks.tell_feedback_outcomes",
    "volunteers.tasks.tend_rotas",
}
LOGIN_BACKEND = "people.adapters.LoginBackend"


def test_tasks_that_wait_in_a_queue_find_their_function():
    app.loader.import_default_modules()
    assert set(app.tasks) >= TASKS


def test_whoever_is_signed_in_stays_so(client, db):
    """The session names the backend by its dotted path; Django forgets a session whose backend is not in the settings."""
    user = User.objects.create_user("who@example.org")
    session = client.session
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = LOGIN_BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    assert import_string(LOGIN_BACKEND)
    assert client.get(reverse("people:me")).wsgi_request.user == user


@pytest.fixture
def keep_for_home(neighbourhood):
    """Puts what a class that no longer exists was pickled to under a key of home's; returns the key of this release."""
    new = panels._key(neighbourhood.pk, "thanks")

    def keep(key: str) -> None:
        cache.set(key, "something")
        cache._cache[cache.make_key(key)] = b"cactivities.thanks\nParticipation\n."

    return new, keep


def test_what_the_release_before_kept_is_not_read(neighbourhood, client, keep_for_home):
    new, keep = keep_for_home
    keep(new.replace(f"kept:{panels.KEPT}", "panel"))

    assert client.get(reverse("people:home", args=[neighbourhood.slug])).status_code == 200


def test_under_the_key_of_this_release_it_would_be_an_error(neighbourhood, client, keep_for_home):
    new, keep = keep_for_home
    keep(new)

    with pytest.raises(ModuleNotFoundError):
        client.get(reverse("people:home", args=[neighbourhood.slug]))


def test_links_in_mails_already_sent_can_be_read():
    """Signed as the release before signs them, whatever the module is called today."""
    sent = signing.dumps({"booking": 7}, salt="people.tokens.booking-withdraw")

    assert tokens.read("booking-withdraw", sent) == {"booking": 7}
    with pytest.raises(tokens.Unreadable):
        tokens.read("booking-accept", sent)
