"""Every kind of mail, in both languages: legible in a plain client, whole in its twin, and it tells nobody that it was opened."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation
from model_bakery import baker

from activities.emails.kinds import CANCELLED
from activities.emails.wording import ActivityMessage, Attendee, withdraw_line
from activities.models import ActivityMove, SignUp
from people.models import Message, Occasion
from people.outbox import message_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(make_activity, make_person, make_child, at, neighbourhood):
    """(html, text) of a kind of mail to a mother who comes with her child."""
    neighbourhood.phone = "10000000001"
    neighbourhood.save()
    activity = make_activity(title="元旦亲子数井盖猜谜", capacity=24, location_note="南门集合")
    mother = make_person(name="裴莉")
    child = make_child(mother, name="满满")
    booking = baker.make("activities.Booking", activity=activity, made_by=mother, offer_until=at, channel="web")
    rows = [
        baker.make(SignUp, activity=activity, booking=booking, person=person, status="confirmed", consent_until=at)
        for person in (mother, child)
    ]
    baker.make(
        ActivityMove, activity=activity, revision=2, old_starts_at=at, old_ends_at=activity.ends_at, moved_at=at,
        old_location=activity.location, reason="寒潮",
    )  # fmt: skip
    activity.cancel_reason = "寒潮大风"
    activity.revision = 2

    def draw(kind: ActivityMessage, language: str) -> tuple[str, str]:
        message = baker.make(
            Message, recipient=mother, neighbourhood=neighbourhood, kind=kind.code, queued_at=at, due_at=at
        )
        subjects = [
            (Occasion(message=message, key=f"sign_up:{row.pk}", revision=2), Attendee(activity, row.person, row))
            for row in rows
        ]
        with translation.override(language):
            email = kind.render(message, subjects)
        return email.html, email.text

    return draw


class Looker(HTMLParser):
    """Collects tags with their attributes, and how deep the boxes go wrong."""

    VOID = frozenset({"meta", "br", "img", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def all_kinds():
    """This app's own; what upper apps' mails need to be drawn, such as a swap, only they can make."""
    ours = "activities."
    return [
        kind for kind in message_kinds if isinstance(kind, ActivityMessage) and type(kind).__module__.startswith(ours)
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_mail_is_legible_anywhere(draw, language):
    assert len(all_kinds()) >= 11
    for kind in all_kinds():
        html, text = draw(kind, language)
        seen = Looker()
        seen.feed(html)
        assert seen.open == [], kind.code
        for tag, attributes in seen.tags:
            # Nothing is fetched: no pixel tells that a mail was opened, nothing is missing when pictures are off.
            assert tag not in {"img", "link", "script", "form", "iframe"}, kind.code
            assert "url(" not in (attributes.get("style") or ""), kind.code
            if tag == "table":
                assert attributes.get("role") == "presentation", kind.code
                assert int((attributes.get("width") or "0").replace("100%", "0")) <= 600, kind.code
        # The twin has all that is said, and every address.
        for address in re.findall(r'href="(http[^"]+)"', html):
            assert address.replace("&amp;", "&") in text, (kind.code, address)
        assert "<" not in text, kind.code
        assert "&" not in re.sub(r"https?://\S+", "", text), kind.code
        assert "\n\n\n" not in text, kind.code
        assert text == text.strip() + "\n", kind.code
        for words in ("元旦亲子数井盖猜谜", "10000000001", "南门集合"):
            assert words in text, kind.code
            assert words in html, kind.code


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_dark_screen_keeps_the_words_legible(draw, language):
    """Mail programs that turn colours around are told of both; ink and paper are never named the one without the other."""
    html, _text = draw(all_kinds()[0], language)

    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<meta name="supported-color-schemes" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html


def test_a_twin_has_a_gap_between_sentences_that_stand_apart(draw):
    """L7: read aloud a gap is a pause."""
    assert "寒潮大风。\n\n您不用做什么。" in draw(CANCELLED, "zh-hans")[1]


def test_two_bookings_of_one_activity_say_whose_each_link_is(make_activity, make_person):
    """B1: a family that signed up in two steps has two links, never two of the same words."""
    activity, places = make_activity(), []
    for name in ("裴莉", "满满"):
        person = make_person(name=name)
        booking = baker.make("activities.Booking", activity=activity, made_by=person, channel="web")
        row = baker.make(SignUp, activity=activity, booking=booking, person=person, status="confirmed")
        places.append(Attendee(activity, person, row))
    with translation.override("zh-hans"):
        labels = [label for label, _url in withdraw_line(places, places[0].person)]
    assert labels == ["裴莉去不了了", "满满去不了了"]
