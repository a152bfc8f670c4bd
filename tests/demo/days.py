"""Moments of the demo year, as tests write and read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2018, 12, 20, 9, tzinfo=SHANGHAI)
PLANNED = 56  # mornings of the rota's eight weeks ahead


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(when: datetime) -> str:
    return when.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
