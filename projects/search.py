"""What of the projects can be found: those shown to the public."""

from django.utils.translation import gettext_lazy as _

from people import search
from projects.models import Cover, Project


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
