from django.urls import path

from projects.garden.views import FlowersPage, SeasonPage, UpkeepPage
from projects.views import PlacePage, ProjectDetail, ProjectList

app_name = "projects"

urlpatterns = [
    path("<slug:neighbourhood>/projects/", ProjectList.as_view(), name="list"),
    path("<slug:neighbourhood>/projects/<slug:slug>/", ProjectDetail.as_view(), name="detail"),
    path("<slug:neighbourhood>/places/<slug:code>/", PlacePage.as_view(), name="place"),
    path("<slug:neighbourhood>/places/<slug:code>/upkeep/", UpkeepPage.as_view(), name="upkeep"),
    path("<slug:neighbourhood>/projects/<slug:garden>/flowers/", FlowersPage.as_view(), name="flowers"),
    path("<slug:neighbourhood>/projects/<slug:garden>/flowers/<slug:season>/", SeasonPage.as_view(), name="season"),
]
