"""Every change of committee records that has consequences; one file an idea."""

from community.operations.articles import ArticleRefused, publish, show_with_article, take_back
from community.operations.deliberations import DeliberationRefused, correct_result, publish_result
from community.operations.meetings import close_team_record

__all__ = [
    "ArticleRefused",
    "DeliberationRefused",
    "close_team_record",
    "correct_result",
    "publish",
    "publish_result",
    "show_with_article",
    "take_back",
]
