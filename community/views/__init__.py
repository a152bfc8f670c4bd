from community.views.news import ArticleView, NewsView, rows
from community.views.records import RecordsView

__all__ = ["ArticleView", "NewsView", "RecordsView", "rows"]
