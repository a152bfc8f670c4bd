"""Volunteer shifts, and the rota of a team: who promised which mornings, leave, breaks and swaps."""

from volunteers.models.rota import Leave, Rota, RotaBreak, Swap, Turn
from volunteers.models.shift import Shift, duties, slot_key, with_hands

__all__ = ["Leave", "Rota", "RotaBreak", "Shift", "Swap", "Turn", "duties", "slot_key", "with_hands"]
