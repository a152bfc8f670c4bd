"""What of the story wall can be found: its panels, and what neighbours remember."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from people import search
from projects.models import OralHistory, Project, WallPanel
from projects.pages.search import theme_of

OF_THE_PROJECT: dict[type[Model], search.Keys] = {
    Project: lambda project: project.pieces.order_by().values_list("pk", flat=True)
}
PANELS = search.Kind(
    code="panel",
    label=_("The story wall"),
    model=WallPanel,
    public=lambda viewer, at: WallPanel.objects.visible_to(viewer),
    document=lambda panel: search.Document(
        panel.title,
        search.joined(panel.code, panel.story, panel.alt, *panel.sources),
        panel.get_absolute_url(),
        also=theme_of(panel),
    ),
    follows=OF_THE_PROJECT,
)
STORIES = search.Kind(
    code="story",
    label=_("What neighbours remember"),
    model=OralHistory,
    public=lambda viewer, at: OralHistory.objects.visible_to(viewer),
    document=lambda story: search.Document(
        story.title, search.joined(story.text, *story.topics, story.told_by), story.get_absolute_url()
    ),
    more="projects:stories",
)
