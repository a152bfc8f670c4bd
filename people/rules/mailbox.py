"""The box that a mail ends in, for limits and brakes only: to log in, and to be known, an address is what it says."""

DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}


def mailbox(address: str) -> str:
    """Small letters, without +tag; at Gmail also without dots."""
    name, _at, domain = address.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    return f"{name.replace('.', '')}@gmail.com" if domain in DOTS_MEAN_NOTHING else f"{name}@{domain}"
