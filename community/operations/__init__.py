"""Every change of committee records that has consequences; one file an idea."""

from community.operations.articles import publish, show_with_article, take_back
from community.operations.deliberations import correct_result, publish_result
from community.operations.meetings import amend_record, sign_record

__all__ = [
    "amend_record",
    "correct_result",
    "publish",
    "publish_result",
    "show_with_article",
    "sign_record",
    "take_back",
]
