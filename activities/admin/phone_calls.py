"""Whom the office will have to phone about tomorrow: their reminders are only written this evening, when nobody is there."""

from django.utils.translation import gettext as _

from activities.models import Activity
from activities.rules import phone_calls
from activities.rules.facts import Where, sentences
from activities.rules.staff_scope import scope
from people.access import message_scope, minors
from people.admin.messages import Call
from people.models import Neighbourhood, User
from portal.dates import day, span
from portal.words import one_after_another


def tomorrow(user: User, neighbourhood: Neighbourhood) -> list[Call]:
    """Only about what this reader's role covers, and naming only whom they may know (V6)."""
    covered = Activity.objects.filter(scope(user, message_scope.VIEW), neighbourhood=neighbourhood)
    found = []
    for one in phone_calls.of_tomorrow(covered):
        if not minors.may_see(user, one.reader):
            continue
        sentence = _("“%(title)s”, %(when)s, %(where)s (%(people)s)") % {
            "title": one.activity,
            "when": f"{day(one.activity.starts_at)} {span(one.activity)}",
            "where": one.activity.location or "–",
            "people": _(", ").join(minors.name_for(user, person) for person in one.people),
        }
        sentence = one_after_another(sentence, *sentences(one.activity, Where.CALL))
        found.append(Call(one.reader, sentence, one.activity.starts_at))
    return found
