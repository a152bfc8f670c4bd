"""Who gave a resident's record its present value, in words for a resident: no names of staff or of neighbours."""

from itertools import pairwise

from django.utils.translation import gettext as _

from people.models import Person
from portal.dates import moment

VERSIONS = 30


def who_changed(person: Person, name: str, reader: Person) -> str:
    """ "the committee, 10:02" for the field ``name``; "" where the history does not tell."""
    versions = list(person.history.order_by("-history_date", "-history_id").select_related("history_user")[:VERSIONS])
    for newer, older in pairwise(versions):
        if not hasattr(newer, name) or getattr(newer, name) == getattr(older, name):
            continue
        by = newer.history_user
        if by is None:
            return str(moment(newer.history_date))
        if by.pk == reader.user_id:
            who = _("by yourself")
        else:
            who = _("by the committee") if by.is_staff else _("by another guardian")
        return f"{who}, {moment(newer.history_date)}"
    return ""
