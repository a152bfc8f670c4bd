"""What stands on posters, tags and in QR codes: an address or a code that stays as it is once its page is public."""

from typing import ClassVar

from people.admin.shared import PortalAdmin


class KeepsOnPaper(PortalAdmin):
    """``on_paper``: the field. As the row is kept, not as the form would leave it: what is refused comes back as it was sent."""

    on_paper: ClassVar[str]

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.is_on_paper = row.is_published
        return row

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        return [*fields, self.on_paper] if getattr(obj, "is_on_paper", False) else fields
