"""What is said when somebody comes no more: to them, and to whoever is in charge. One class a kind."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.emails.wording import ActivityMessage, Attendee, Words, because_signed_up, names, see_line
from activities.models import EndCode, SignUpStatus, Status
from activities.rules import adult_ratio, ages
from people.models import Message, Occasion
from portal import clock
from portal.dates import day


class Lapsed(ActivityMessage):
    attaches_calendar = True
    tone = "past"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.sign_up is not None and attendee.sign_up.status == SignUpStatus.LAPSED

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        return Words(
            subject=_("The seat was passed on: %(title)s") % {"title": activity.title},
            heading=_("The time to answer is over"),
            paragraphs=[
                _("The seat for %(names)s was passed on. You are welcome to sign up again while sign-up is open.")
                % {"names": names(attendees)}
            ],
            actions=[see_line(attendees)],
            why=because_signed_up(),
        )


class Withdrawn(ActivityMessage):
    attaches_calendar = True
    tone = "past"

    def about_children(self, attendees: list[Attendee]) -> list[str]:
        """To an adult who left: what becomes of the children who stay."""
        activity = attendees[0].activity
        day_of_it = ages.day_of(activity)
        left = any(attendee.person.is_adult_on(day_of_it) for attendee in attendees)
        words = adult_ratio.what_becomes_of_the_children(activity) if left else ""
        return [words] if words else []

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return (
            attendee.sign_up is not None
            and attendee.sign_up.status == SignUpStatus.CANCELLED
            and attendee.activity.status == Status.PUBLISHED
            and not is_back(attendee)
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        gone, staying = names(attendees), still_coming(attendees)
        if staying:
            subject = _("%(names)s will not come: %(title)s, %(day)s")
            heading = _("%(gone)s will not come, %(staying)s still will") % {"gone": gone, "staying": staying}
        else:
            subject, heading = _("Withdrawn: %(title)s, %(day)s"), _("Thank you for telling us")
        return Words(
            subject=subject % {"names": gone, "title": activity.title, "day": day(activity.starts_at)},
            heading=heading,
            paragraphs=[
                _("%(names)s: the seat goes to whoever waits for it. See you another time.") % {"names": gone},
                *self.about_children(attendees),
            ],
            actions=[see_line(attendees)],
            why=because_signed_up(),
        )


def is_back(attendee: Attendee) -> bool:
    """Whether they signed up again since."""
    rows = attendee.family.rows if attendee.family else []
    return any(row.is_live and row.person_id == attendee.person.pk for row in rows)


def still_coming(attendees: list[Attendee]) -> str:
    """Names of those of the reader's family who keep their seats there."""
    family = attendees[0].family
    return _(", ").join(row.person.name for row in family.coming) if family else ""


class Declined(Withdrawn):
    """The seat they had been offered is somebody else's now."""

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return (
            attendee.sign_up is not None
            and attendee.sign_up.status == SignUpStatus.DECLINED
            and attendee.activity.status == Status.PUBLISHED
            and not is_back(attendee)
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        words = super().words(message, attendees)
        activity = attendees[0].activity
        if not still_coming(attendees):
            words.subject = _("You said no to the seat: %(title)s, %(day)s") % {
                "title": activity.title,
                "day": day(activity.starts_at),
            }
        return words


class WithdrawnLate(ActivityMessage):
    """To whoever is in charge: a seat is free shortly before the start."""

    tone = "brick"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        row = attendee.sign_up
        return (
            row is not None
            and row.status == SignUpStatus.CANCELLED
            and row.end_code == EndCode.SAID_LATE
            and attendee.activity.status == Status.PUBLISHED
            and not attendee.activity.is_closed(at=clock.now())
        )

    def named(self, attendees: list[Attendee]) -> str:
        """Grown-ups by name, children by their number: a leader need not know whose children they are."""
        on = ages.day_of(attendees[0].activity)
        adults = [attendee for attendee in attendees if attendee.person.is_adult_on(on)]
        children = len(attendees) - len(adults)
        count = ngettext("%(count)d child", "%(count)d children", children) % {"count": children}
        return _(", ").join(filter(None, [names(adults), count if children else ""]))

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity, who = attendees[0].activity, self.named(attendees)
        return Words(
            subject=_("Cannot come after all: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("%(names)s cannot come after all") % {"names": who},
            paragraphs=[
                _(
                    "They said so after the time for it, but before the start. Whoever waits is asked while sign-up is open."
                )
            ],
            actions=[see_line(attendees)],
            why=_("You get this mail because you are in charge of it."),
        )
