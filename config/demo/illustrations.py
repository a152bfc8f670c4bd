"""Photos made of the demo's drawings: kept, labelled as illustrations, and shown where everyone in them agreed (V5)."""

from collections.abc import Iterable
from datetime import date

from config.demo.drawing import picture_for
from people.models import Neighbourhood, Person, Photo
from people.operations import photos
from portal.refusals import Refusal


def illustrate(
    neighbourhood: Neighbourhood,
    kind: str,
    key: str,
    *,
    alt: str,
    caption: str = "",
    taken_on: date | None = None,
    people: Iterable[Person] = (),
    season: str = "",
    mark: str = "雨",
) -> Photo:
    """The drawing of ``kind`` and ``key`` (config.demo.drawing.picture_for) as a photo; refused by V5, it stays with staff."""
    photo = photos.add_photo(
        picture_for(kind, key, title=alt, season=season, mark=mark),
        neighbourhood=neighbourhood,
        alt=alt,
        caption=caption,
        taken_on=taken_on,
        people=people,
        is_illustration=True,
    )
    try:
        photos.publish(photo)
    except Refusal:
        return photo
    photo.refresh_from_db()
    photos.make_renditions(photo)  # a drawing is ready at once; no worker need be asked
    photo.refresh_from_db()
    return photo
