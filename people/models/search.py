"""What can be found: one row for each thing that everybody may read (docs/rules/search.md)."""

from django.db import models

from people.models.neighbourhood import Neighbourhood


class SearchDocument(models.Model):
    """The words of one public row of ``kind`` (people.search) with primary key ``key``; made from it, never edited."""

    neighbourhood = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    title = models.TextField()
    body = models.TextField(blank=True)
    path = models.CharField(max_length=300)
    at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, blank=True)
    folded_title = models.TextField()  # folding may lengthen: one character can count as many
    folded = models.TextField()  # title and body

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")]
        indexes = [models.Index(fields=["neighbourhood", "kind"], name="search_document_slice")]

    def __str__(self) -> str:
        return self.title
