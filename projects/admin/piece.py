"""What the staff pages of covers, panels and beds share."""

from django.contrib import admin

from people.admin.many_photos import photos_act
from people.admin.shared import PortalInline
from projects.models import PiecePhoto
from projects.operations.photos import show_with_piece

#: For the ``acts`` of covers, panels and beds: several photos at once.
PIECE_PHOTOS = photos_act(show_with_piece)


class PiecePhotoInline(PortalInline, admin.TabularInline):
    model = PiecePhoto
    fk_name = "piece"
    fields = ["photo", "role", "order"]
    autocomplete_fields = ["photo"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo", "piece")
