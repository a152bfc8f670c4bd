"""The drawings that ship with the portal, as pictures the demo may keep and show."""

import re

from config.settings.environment import BASE_DIR
from people.files import Picture

ART = BASE_DIR / "static" / "art"


def picture_of(name: str) -> Picture:
    """``cover-01`` → that drawing, in the size of its view box."""
    data = (ART / f"{name}.svg").read_bytes()
    found = re.search(rb'viewBox="0 0 (\d+) (\d+)"', data)
    assert found, name
    return Picture(data, f"{name}.svg", "image/svg+xml", "svg", int(found[1]), int(found[2]))
