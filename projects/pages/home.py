"""Projects on the pages of lower apps: on home, and as what an article is about."""

from django.utils.translation import gettext_lazy as _

from community.models import Article
from community.rules.about import Link
from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from portal.panels import Part
from projects.models import Project
from projects.pages import pictures

MOST = 3


def made_together(request: PortalRequest) -> Part | None:
    viewer = request.viewer
    seen = Project.objects.visible_to(viewer).filter(is_published=True).select_related("derived_from")
    found = pictures.with_newest_photo(seen).defer("text", "result", "derived_from__text", "derived_from__result")[
        :MOST
    ]
    projects = pictures.cards(found, viewer.neighbourhood)
    return ("projects/_home_projects.html", {"projects": projects}) if projects else None


def projects_of(article: Article, viewer: Viewer) -> list[Link]:
    seen = Project.objects.visible_to(viewer).filter(project_articles__article=article)
    found = []
    for project in seen.only("slug", "title", "neighbourhood_id"):
        project.neighbourhood = article.neighbourhood
        found.append(Link(_("project"), project.title, project.get_absolute_url()))
    return found
