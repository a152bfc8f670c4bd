"""Notices and articles as lists show them."""

from community.models import Article
from portal import clock


def rows(articles, neighbourhood) -> list[Article]:
    """The rows with their neighbourhood, and with the year where it is not the running one."""
    found = list(articles)
    running = clock.today().year
    for article in found:
        article.neighbourhood = neighbourhood
        year = clock.local_date(article.published_at).year
        article.year = year if year != running else ""
    return found
