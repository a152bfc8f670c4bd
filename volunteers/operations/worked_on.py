"""Notes which covers, panels and beds a shift, a rota or a service record worked on; staff type the codes on the tags: "JG-01, HT-3"."""

import re
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Neighbourhood
from portal.refusals import Refusal
from projects.models import Piece
from volunteers.models import Rota, ServiceRecord, Shift


def pieces_named(codes: str, neighbourhood: Neighbourhood) -> list[Piece]:
    """ "JG-01, HT-3": as they stand on the tags, in any case, with any comma between."""
    wanted = [code for part in re.split(r"[,，、;；\s]+", codes) if (code := part.strip().upper())]
    known = {piece.code.upper(): piece for piece in Piece.objects.filter(neighbourhood=neighbourhood)} if wanted else {}
    missing = [code for code in wanted if code not in known]
    if missing:
        raise Refusal(
            _("Nothing here has the code %(codes)s. The code stands on the tag: JG-01, HT-3.")
            % {"codes": _(", ").join(missing)}
        )
    return list(dict.fromkeys(known[code] for code in wanted))


def say(row: Shift | Rota | ServiceRecord, pieces: Sequence[Piece]) -> None:
    """Set what was, or is, worked on; records of a shift that name nothing yet follow it."""
    with transaction.atomic():
        row.pieces.set(pieces)
        if isinstance(row, Shift):
            follow(ServiceRecord.objects.filter(activity=row.pk, pieces=None), pieces)


def follow(records: Iterable[ServiceRecord], pieces: Collection[Piece]) -> None:
    """Say of each of ``records`` that ``pieces`` were worked on; what is said already stays."""
    Link = ServiceRecord.pieces.through
    Link.objects.bulk_create(
        [Link(servicerecord_id=record.pk, piece_id=piece.pk) for record in records for piece in pieces],
        ignore_conflicts=True,
    )


def take_over(record: ServiceRecord) -> None:
    """A new record worked on what its shift, or its team's rota, works on."""
    about = Piece.objects.filter(shifts=record.activity_id)
    if record.source == ServiceRecord.Source.ROSTER and not about:
        about = Piece.objects.filter(rotas__team__activities=record.activity_id)
    follow([record], list(about))
