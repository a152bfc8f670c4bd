from django.urls import path

from community.views import ArticleView, NewsView

app_name = "community"

urlpatterns = [
    path("<slug:neighbourhood>/news/", NewsView.as_view(), name="news"),
    path("<slug:neighbourhood>/news/<int:pk>/", ArticleView.as_view(), name="article"),
]
