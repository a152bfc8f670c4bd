"""Every change of committee records that has consequences; one file an idea."""

from community.operations.articles import publish, show_with_article, take_back
from community.operations.deliberations import correct_result, publish_result
from community.operations.meetings import close_team_record

__all__ = [
    "close_team_record",
    "correct_result",
    "publish",
    "publish_result",
    "show_with_article",
    "take_back",
]
