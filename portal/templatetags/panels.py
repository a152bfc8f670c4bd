"""``{% panel part %}``: draws one part of a page that is made of registered parts."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from portal.panels import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context, part: Panel) -> SafeString:
    """Draw one registered part with the page's own context around it."""
    with context.push(**part.context):
        return get_template(part.template).template.render(context)  # type: ignore[attr-defined]
