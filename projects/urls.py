from django.urls import path

from projects.views import PlacePage, ProjectDetail, ProjectList

app_name = "projects"

urlpatterns = [
    path("<slug:neighbourhood>/projects/", ProjectList.as_view(), name="list"),
    path("<slug:neighbourhood>/projects/<slug:slug>/", ProjectDetail.as_view(), name="detail"),
    path("<slug:neighbourhood>/places/<slug:code>/", PlacePage.as_view(), name="place"),
]
