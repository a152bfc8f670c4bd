"""The plan: its picture, and where things stand on it (L5; docs/rules/pieces.md)."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from people.operations import files, photos
from portal.files import Picture
from portal.refusals import Refusal
from projects.models import PlanPicture


@transaction.atomic
def show_picture(plan: PlanPicture, picture: Picture, *, by: User | None = None) -> PlanPicture:
    """Hang up a picture, or one scanned anew in its place: the pins stay, as they are per cents of it."""
    plan = PlanPicture.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    photo = photos.add_photo(
        picture,
        neighbourhood=plan.neighbourhood,
        alt=plan.title,
        caption=plan.notice,
        is_illustration=True,
        by=by,
    )
    with files.gone_when_refused(photo.original):
        photos.publish(photo)
    before, plan.photo = plan.photo, photo
    plan.save(update_fields=["photo"])
    if before is not None:
        photos.withdraw(before)
    return plan


def place(thing: Any, *, x: Decimal | None, y: Decimal | None) -> None:
    """Put a location, building or piece on the plan (per cents of its width and height), or take it off (both None)."""
    with transaction.atomic():
        if (x is None) != (y is None):
            raise Refusal(_("Give both numbers, or neither."))
        if x is not None and y is not None and not (0 <= x <= 100 and 0 <= y <= 100):
            raise Refusal(_("This lies beside the picture. Please give per cents from 0 to 100 for both numbers."))
        row = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
        row.x, row.y = x, y
        row.save(update_fields=["x", "y"])
    thing.x, thing.y = x, y
