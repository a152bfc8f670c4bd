"""Committee records: meetings, deliberations, notices and articles; one file an idea."""

from community.models.amendment import Amendment
from community.models.article import Article, ArticlePhoto
from community.models.deliberation import (
    Deliberation,
    FollowUp,
    Group,
    NoticeChannel,
    Opinion,
    Option,
    Participant,
    Side,
)
from community.models.meeting import Absence, Meeting

__all__ = [
    "Absence",
    "Amendment",
    "Article",
    "ArticlePhoto",
    "Deliberation",
    "FollowUp",
    "Group",
    "Meeting",
    "NoticeChannel",
    "Opinion",
    "Option",
    "Participant",
    "Side",
]
