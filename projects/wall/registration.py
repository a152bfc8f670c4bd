"""What the story wall tells the registries, and who may do what with it (docs/permissions.md)."""

from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext_lazy as _

from people import search
from people.panels import me_sections
from people.roles import Role, allow
from people.viewer import mark_readers
from projects import pieces
from projects.models import OralHistory, Project, WallPanel
from projects.search import theme_of
from projects.sections import project_sections
from projects.wall import frieze, views


def register() -> None:
    me_sections.register(35, views.my_stories)
    mark_readers("has_stories", lambda: Exists(OralHistory.objects.filter(sent_by=OuterRef("pk")).order_by()))
    project_sections.register(25, frieze.section)
    pieces.register(
        pieces.PieceKind(
            code="panel",
            label=_("story on the wall"),
            plural=_("stories on the wall"),
            model="projects.WallPanel",
            template="projects/_panel.html",
            details=frieze.details,
            order=20,
            says=frieze.caption,
        )
    )
    register_search()
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        for model in ("wallpanel", "oralhistory", "storyphoto"):
            allow(role, f"projects.{model}", "view", "add", "change")
        allow(role, "projects.storyphoto", "delete")
    for model in ("wall", "wallsurvey", "wallstage"):
        allow(Role.COMMITTEE_ADMIN, f"projects.{model}", "view", "add", "change")
        allow(Role.VOLUNTEER_COORDINATOR, f"projects.{model}", "view")


def register_search() -> None:
    of_the_project: dict[type[Model], search.kinds.Keys] = {
        Project: lambda project: project.pieces.order_by().values_list("pk", flat=True)
    }
    search.register(
        search.Kind(
            code="panel",
            label=_("The story wall"),
            order=21,
            model=WallPanel,
            public=lambda viewer, at: WallPanel.objects.visible_to(viewer),
            document=lambda panel: search.Document(
                panel.title,
                search.joined(panel.code, panel.story, panel.alt, *panel.sources, theme_of(panel)),
                panel.get_absolute_url(),
            ),
            follows=of_the_project,
        )
    )
    search.register(
        search.Kind(
            code="story",
            label=_("What neighbours remember"),
            order=23,
            model=OralHistory,
            public=lambda viewer, at: OralHistory.objects.visible_to(viewer),
            document=lambda story: search.Document(
                story.title, search.joined(story.text, *story.topics, story.told_by), story.get_absolute_url()
            ),
            more="projects:stories",
        )
    )
