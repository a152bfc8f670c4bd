"""Two storages: private by default, public for published derivatives only."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.urls import reverse


class PrivateStorage(FileSystemStorage):
    """Outside MEDIA_ROOT. ``url()`` is the checking view's address, so admin file widgets work and nothing else does.

    Only the portal's own user may open what lies here; the public files' defaults let nginx read them.
    """

    def __init__(self, **kwargs) -> None:
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        super().__init__(**{"location": settings.PRIVATE_ROOT, **modes, **kwargs})

    def url(self, name: str | None) -> str:
        return reverse("people:private-file-by-name", kwargs={"name": name})


def public_storage() -> Storage:
    """Below MEDIA_ROOT: whatever lies here can be read by everybody who knows its name."""
    return storages["public"]
