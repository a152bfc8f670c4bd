"""Where a location stands on the plan of its neighbourhood."""

from typing import Any

from django import template

from people.pages import plan_links

register = template.Library()


@register.simple_tag
def plan_url(location: Any, slug: str) -> str:
    """Where ``location`` stands on the plan of the neighbourhood; "" for nowhere."""
    return plan_links.plan_url(location, slug)
