"""What the staff pages of covers, panels and beds share."""

from django.contrib import admin

from people.admin.shared import PortalInline
from projects.models import PiecePhoto


class PiecePhotoInline(PortalInline, admin.TabularInline):
    model = PiecePhoto
    fk_name = "piece"
    fields = ["photo", "role", "order"]
    autocomplete_fields = ["photo"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo", "piece")
