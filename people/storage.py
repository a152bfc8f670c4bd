"""Two storages: private by default, public for published derivatives only."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.urls import reverse


class PrivateStorage(FileSystemStorage):
    """Outside MEDIA_ROOT. ``url()`` is the checking view's address, so admin file widgets work and nothing else does."""

    def __init__(self, **kwargs) -> None:
        super().__init__(location=kwargs.pop("location", settings.PRIVATE_ROOT), **kwargs)

    def url(self, name: str | None) -> str:
        return reverse("people:private-file-by-name", kwargs={"name": name})


def public_storage() -> Storage:
    """Below MEDIA_ROOT: whatever lies here can be read by everybody who knows its name."""
    return storages["public"]
