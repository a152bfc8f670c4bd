"""Every change of committee records that has consequences; one file an idea."""

from community.operations.articles import ArticleRefused, publish, show_with_article, take_back
from community.operations.deliberations import DeliberationRefused, correct_result, publish_result

__all__ = [
    "ArticleRefused",
    "DeliberationRefused",
    "correct_result",
    "publish",
    "publish_result",
    "show_with_article",
    "take_back",
]
