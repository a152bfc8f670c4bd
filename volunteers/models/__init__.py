"""Volunteer shifts; a team's rota; how long people served, and the certificates of it."""

from volunteers.models.rota import Leave, Rota, RotaBreak, Swap, Turn
from volunteers.models.service import (
    Certificate,
    CertificateLine,
    ServiceCorrection,
    ServiceRecord,
)
from volunteers.models.shift import Shift, duties, slot_key, with_hands

__all__ = [
    "Certificate",
    "CertificateLine",
    "Leave",
    "Rota",
    "RotaBreak",
    "ServiceCorrection",
    "ServiceRecord",
    "Shift",
    "Swap",
    "Turn",
    "duties",
    "slot_key",
    "with_hands",
]
