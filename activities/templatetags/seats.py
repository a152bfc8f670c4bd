"""The state of an activity's seats in templates: ``{% seats activity mine %}``, ``{% act_look activity as look %}``."""

from django import template

from activities.pages import seat_states

register = template.Library()

register.simple_tag(seat_states.seats)
register.simple_tag(seat_states.act_look)
