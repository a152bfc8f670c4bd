"""What of the projects can be found: those shown to the public."""

from django.utils.translation import gettext_lazy as _

from people import search
from projects.models import Cover, DesignDraft, Project


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


def draft_document(draft: DesignDraft) -> search.Document:
    return search.Document(
        title=f"{draft.project.title} · {draft.title}",
        body=" · ".join(filter(None, [draft.summary, draft.designer])),
        path=draft.get_absolute_url(),
        at=draft.published_at,
    )


def register() -> None:
    search.register(
        search.Kind(
            code="draft",
            label=_("Designs"),
            order=27,
            model=DesignDraft,
            public=lambda viewer, at: DesignDraft.objects.visible_to(viewer).select_related("project__neighbourhood"),
            document=draft_document,
            neighbourhood="project__neighbourhood",
            follows={Project: lambda project: project.drafts.order_by().values_list("pk", flat=True)},
        )
    )
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
