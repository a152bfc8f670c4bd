"""The staff pages of people and places, one module an idea; Django finds this package as ``people.admin``."""

from people.admin import accounts, consents, duplicates, guardians, messages, party, pictures, places, residents, today

__all__ = [
    "accounts",
    "consents",
    "duplicates",
    "guardians",
    "messages",
    "party",
    "pictures",
    "places",
    "residents",
    "today",
]
