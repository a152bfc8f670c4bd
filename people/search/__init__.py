"""Finding what is public: each app adds its kinds to ``search_kinds`` in ``registration.py`` (docs/rules/search.md)."""

from people.search.index import search_kinds
from people.search.kinds import Document, Keys, Kind, in_every_language, joined, noon

__all__ = ["Document", "Keys", "Kind", "in_every_language", "joined", "noon", "search_kinds"]
