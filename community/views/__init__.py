from community.views.news import ArticleView, NewsView
from community.views.records import RecordsView

__all__ = ["ArticleView", "NewsView", "RecordsView"]
