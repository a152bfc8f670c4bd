"""Stories that neighbours tell or send in: received, read by staff, published as far as the narrator agreed (P5, V5, L2)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Channel, Neighbourhood, Person, Photo, User, opened
from people.operations import photos
from portal import clock
from portal.files import Picture
from portal.refusals import Refusal
from projects.models import OralHistory, StoryPhoto, WallPanel

State = OralHistory.State
MAY_WAIT = 5  # stories of one sender that nobody has read yet


@dataclass(frozen=True)
class Told:
    """What a resident sends. ``own``: it is their own memory; else ``narrator_agreed`` says that the narrator was asked."""

    title: str
    text: str
    told_by: str
    own: bool
    narrator_agreed: bool
    text_agreed: bool
    photo_agreed: bool
    picture: Picture | None = None
    alt: str = ""


def send(told: Told, *, neighbourhood: Neighbourhood, by: Person, user: User, at: datetime) -> OralHistory:
    """A resident's story; nobody but staff reads it until it is published. Sent twice, it is one row (A3)."""
    with transaction.atomic():
        if not told.own and not told.narrator_agreed:
            raise Refusal(_("Please ask whoever told it first, and tick that they agree to your sending it."))
        if not told.text_agreed:
            raise Refusal(
                _("Please tick that the text may be published; without that we could not do anything with it.")
            )
        if told.picture is not None and not told.alt.strip():
            raise Refusal(_("Please write what can be seen, for those who cannot see the picture."))
        today = clock.local_date(at)
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        waiting = OralHistory.objects.filter(sent_by=by, state=State.RECEIVED)
        same = waiting.filter(
            title=told.title, text=told.text, photo_agreed=told.photo_agreed, neighbourhood=neighbourhood
        ).first()
        if same is not None and same.story_photos.exists() == (told.picture is not None):
            return same
        if waiting.count() >= MAY_WAIT:
            raise Refusal(
                _("Thank you: %(n)d of your stories wait to be read. Please send the next when those are answered.")
                % {"n": MAY_WAIT}
            )
        story = OralHistory.objects.create(
            neighbourhood=neighbourhood,
            title=told.title,
            text=told.text,
            told_on=today,
            narrator=by if told.own else None,
            told_by=told.told_by,
            sent_by=by,
            sent_at=at,
            channel=Channel.WEB,
            text_agreed=True,
            photo_agreed=told.photo_agreed,
            agreed_on=today,
        )
        if told.picture is not None:
            photo = photos.add_photo(told.picture, neighbourhood=neighbourhood, alt=told.alt, by=user)
            StoryPhoto.objects.create(story=story, photo=photo)
    return story


def _lock(story: OralHistory) -> OralHistory:
    return OralHistory.objects.select_for_update(no_key=True, of=("self",)).get(pk=story.pk)


def publish(story: OralHistory, *, by: User, at: datetime) -> None:
    """Show the text; its photos too where the narrator agreed to that and each photo is published."""
    with transaction.atomic():
        story = _lock(story)
        if story.state == State.PUBLISHED:
            raise Refusal(
                _("“%(title)s” is published already, so everybody can read it. You need not do anything more.")
                % {"title": story.title}
            )
        if story.state == State.WITHDRAWN:
            raise Refusal(
                _("The narrator has taken “%(title)s” back. Ask anew and enter it anew.") % {"title": story.title}
            )
        if not story.text.strip():
            raise Refusal(_("“%(title)s” has no text yet. Please write it first.") % {"title": story.title})
        if not story.text_agreed or story.agreed_on is None:
            raise Refusal(
                _(
                    "The narrator has not agreed that the text of “%(title)s” is published. Ask, and enter the day of the consent."
                )
                % {"title": story.title}
            )
        if story.agreed_on > clock.local_date(at):
            raise Refusal(_("That day has not come yet. Please enter it when it has."))
        if not story.told_by.strip():
            raise Refusal(_("Say how the narrator of “%(title)s” wants to be called.") % {"title": story.title})
        _decide(story, State.PUBLISHED, by, at, "")


def keep(story: OralHistory, *, reply: str, by: User, at: datetime) -> None:
    """Into the archive, unpublished; the sender reads why."""
    _answer(story, State.KEPT, reply, by, at)


def decline(story: OralHistory, *, reply: str, by: User, at: datetime) -> None:
    """Do not publish the story; whoever sent it in reads ``reply`` with it."""
    _answer(story, State.DECLINED, reply, by, at)


def _answer(story: OralHistory, state: str, reply: str, by: User, at: datetime) -> None:
    with transaction.atomic():
        if not reply.strip():
            raise Refusal(_("Please write to the sender why."))
        story = _lock(story)
        if story.state == State.WITHDRAWN:
            raise Refusal(
                _(
                    "The narrator has taken “%(title)s” back, so there is nothing left to decide. "
                    "Please ask anew if it is to be told after all."
                )
                % {"title": story.title}
            )
        _decide(story, state, by, at, reply)


def _decide(story: OralHistory, state: str, by: User | None, at: datetime, reply: str) -> None:
    story.state, story.decided_by, story.decided_at, story.reply = state, by, at, reply
    with opened():
        story.save(update_fields=["state", "decided_by", "decided_at", "reply"])


def reword(
    story: OralHistory, *, title: str, text: str, told_by: str, told_on: date, agreed_on: date | None, at: datetime
) -> None:
    """Other words for what is published already, which the narrator agreed to on ``agreed_on``: theirs it is, not ours."""
    with transaction.atomic():
        story = _lock(story)
        if story.state != State.PUBLISHED:
            raise Refusal(
                _("“%(title)s” is not published. Please change its words in its form.") % {"title": story.title}
            )
        if not title.strip() or not text.strip() or not told_by.strip():
            raise Refusal(
                _("Please fill in the title, the text and how the narrator wants to be called."), about="text"
            )
        if agreed_on is None or (story.agreed_on is not None and agreed_on < story.agreed_on):
            raise Refusal(
                _("Enter the day on which the narrator agreed to these words, after they agreed to the old ones."),
                about="agreed_on",
            )
        if agreed_on > clock.local_date(at):
            raise Refusal(_("That day has not come yet. Please enter it when it has."), about="agreed_on")
        story.title, story.text, story.told_by = title.strip(), text.strip(), told_by.strip()
        story.told_on, story.agreed_on = told_on, agreed_on
        with opened():
            story.save(update_fields=["title", "text", "told_by", "told_on", "agreed_on"])


def hide_photos(story: OralHistory) -> int:
    """V5: what the narrator does not agree to is in no archive either; returns how many photos were taken off."""
    shown = Photo.objects.published().filter(pk__in=story.story_photos.values("photo"))
    for photo in shown:
        photos.withdraw(photo)
    return len(shown)


def without_the_narrators_yes(photo: Photo) -> str | None:
    """Why a photo of a story may not be shown (people.operations.photos)."""
    link = StoryPhoto.objects.filter(photo=photo, story__photo_agreed=False).select_related("story").first()
    if link is None:
        return None
    return _(
        "Not published: whoever told “%(title)s” has not agreed to photos. Ask first and tick that in the story, or take "
        "the photo off the story."
    ) % {"title": link.story.title}


def may_take_back(story: OralHistory, person: Person | None) -> bool:
    """The narrator, and whoever sent it in for them."""
    return person is not None and person.pk in {story.narrator_id, story.sent_by_id}


def take_back(story: OralHistory, *, by: Person | None, user: User | None, at: datetime) -> list[WallPanel]:
    """As easily as it was given (V5): text and photos are gone from public sight at once, the consents end.

    by: the narrator or sender; None: staff on the narrator's word. Returns panels told by the same narrator, about which
    staff have to ask.
    """
    with transaction.atomic():
        story = _lock(story)
        if by is not None and not may_take_back(story, by):
            raise Refusal(
                _(
                    "Only the narrator, or whoever sent the story in, can take it back. Please turn to the residents' committee."
                )
            )
        if story.state == State.WITHDRAWN:
            raise Refusal(
                _("“%(title)s” is taken back already. You need not do anything more.") % {"title": story.title}
            )
        story.text_agreed = story.recording_agreed = story.photo_agreed = False
        story.agreed_on = None
        story.state, story.decided_by, story.decided_at = State.WITHDRAWN, user, at
        with opened():
            story.save(
                update_fields=[
                    "text_agreed", "recording_agreed", "photo_agreed", "agreed_on", "state", "decided_by", "decided_at",
                ]
            )  # fmt: skip
        hide_photos(story)
    if story.narrator_id is None:
        return []
    return list(WallPanel.objects.filter(narrator=story.narrator_id, neighbourhood=story.neighbourhood_id))
