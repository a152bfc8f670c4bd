"""``{% facts_of activity "page" as facts %}``: label and words of what staff wrote for whoever comes."""

from django import template

from activities.models import Activity
from activities.rules.facts import Where, facts

register = template.Library()


@register.simple_tag
def facts_of(activity: Activity, where: str) -> list[tuple[str, str]]:
    return facts(activity, Where[where.upper()])
