"""What of the projects can be found: those shown to the public."""

from django.utils.translation import gettext_lazy as _

from people import search
from projects.models import Cover, DesignDraft, Piece, Project, Theme, Work


def theme(code: str) -> str:
    """Its word as readers of each language see it, to be found by; "" for none."""
    return search.in_every_language(lambda: Theme(code).label) if code in Theme.values else ""


def theme_of(piece: Piece) -> str:
    return theme(piece.theme)


def project_document(project: Project) -> search.Document:
    return search.Document(
        title=project.title,
        body=search.joined(project.tagline, project.text, project.result),
        also=search.joined(*map(theme, project.themes)),
        path=project.get_absolute_url(),
    )


def cover_document(cover: Cover) -> search.Document:
    return search.Document(
        title=f"{cover.code} {cover.title}",
        body=cover.message,
        also=theme_of(cover),
        path=cover.get_absolute_url(),
    )


def draft_document(draft: DesignDraft) -> search.Document:
    return search.Document(
        title=f"{draft.project.title} · {draft.title}",
        body=search.joined(draft.summary, draft.designer),
        also=search.in_every_language(lambda: draft.title),
        path=draft.get_absolute_url(),
        at=draft.published_at,
    )


def work_document(work: Work) -> search.Document:
    """Leads to the works on its project's page."""
    return search.Document(
        title=work.title,
        body=search.joined(work.before, work.after, work.place.name if work.place else "", work.project.title),
        path=f"{work.project.get_absolute_url()}#works",
        at=search.noon(work.done_on),
    )


WORKS = search.Kind(
    code="work",
    label=_("Works"),
    model=Work,
    public=lambda viewer, at: Work.objects.filter(
        project__in=Project.objects.visible_to(viewer).order_by().values("pk")
    ).select_related("project__neighbourhood", "place"),
    document=work_document,
    neighbourhood="project__neighbourhood",
    follows={Project: lambda project: project.works.order_by().values_list("pk", flat=True)},
)
DRAFTS = search.Kind(
    code="draft",
    label=_("Designs"),
    model=DesignDraft,
    public=lambda viewer, at: DesignDraft.objects.visible_to(viewer).select_related("project__neighbourhood"),
    document=draft_document,
    neighbourhood="project__neighbourhood",
    follows={Project: lambda project: project.drafts.order_by().values_list("pk", flat=True)},
)
PROJECTS = search.Kind(
    code="project",
    label=_("Projects"),
    model=Project,
    public=lambda viewer, at: Project.objects.visible_to(viewer),
    document=project_document,
    more="projects:list",
    gives_examples=True,
)
COVERS = search.Kind(
    code="cover",
    label=_("Manhole covers"),
    model=Cover,
    public=lambda viewer, at: Cover.objects.visible_to(viewer),
    document=cover_document,
)
