"""Finding what is public: each app registers its kinds in ``AppConfig.ready()`` (docs/rules/search.md)."""

from people.search.index import register
from people.search.kinds import Document, Kind, in_every_language, joined, noon

__all__ = ["Document", "Kind", "in_every_language", "joined", "noon", "register"]
