"""What of the projects can be found: those shown to the public, and the words of their published photos."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import search
from people.models import Photo
from people.viewer import Viewer
from projects.models import Cover, Project, ProjectPhoto


def project_document(project: Project) -> search.Document:
    return search.Document(
        title=project.title,
        body=" · ".join(filter(None, [project.tagline, project.text, project.result])),
        path=project.get_absolute_url(),
    )


def cover_document(cover: Cover) -> search.Document:
    return search.Document(
        title=f"{cover.code} {cover.title}",
        body=cover.message,
        path=cover.get_absolute_url(),
    )


def photos(viewer: Viewer, at: datetime) -> QuerySet[ProjectPhoto]:
    """Published photos (V5) of projects that are shown."""
    shown = ProjectPhoto.objects.filter(project__in=Project.objects.visible_to(viewer).order_by().values("pk"))
    published = shown.filter(photo__in=Photo.objects.published().order_by().values("pk"))
    return published.select_related("photo", "project__neighbourhood")


def photo_document(link: ProjectPhoto) -> search.Document:
    photo = link.photo
    taken = timezone.make_aware(datetime.combine(photo.taken_on, time(12))) if photo.taken_on else None
    return search.Document(
        title=photo.caption or photo.alt,
        body=" · ".join(filter(None, [photo.alt if photo.caption else "", link.project.title])),
        path=link.project.get_absolute_url(),
        at=taken,
    )


def register() -> None:
    search.register(
        search.Kind(
            code="project",
            label=_("Projects"),
            order=20,
            model=Project,
            public=lambda viewer, at: Project.objects.visible_to(viewer),
            document=project_document,
            more="projects:list",
            gives_examples=True,
        )
    )
    search.register(
        search.Kind(
            code="cover",
            label=_("Manhole covers"),
            order=40,
            model=Cover,
            public=lambda viewer, at: Cover.objects.visible_to(viewer),
            document=cover_document,
        )
    )
    search.register(
        search.Kind(
            code="photo",
            label=_("Photos"),
            order=80,
            model=ProjectPhoto,
            public=photos,
            document=photo_document,
            neighbourhood="project__neighbourhood",
            follows={
                Photo: lambda photo: ProjectPhoto.objects.filter(photo=photo).values_list("pk", flat=True),
                Project: lambda project: project.project_photos.order_by().values_list("pk", flat=True),
            },
        )
    )
