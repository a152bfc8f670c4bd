"""Volunteer shifts; a team's rota; how long people served, and the certificates of it."""

from volunteers.models.help import HelpCall, Interest
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
    "HelpCall",
    "Interest",
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
