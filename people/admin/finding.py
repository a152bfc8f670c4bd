"""Looking for people on the staff pages."""

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from people.models import Person


class FindsPeople(admin.ModelAdmin):
    """Lists that are searched by the name of a person find it as the boxes for people do: 歐陽, pinyin, first letters.

    By the name alone: whose phone number it is, only the list of people tells, to whoever may open that.
    """

    def get_search_results(self, request, queryset, search_term):
        found, may_double = super().get_search_results(request, queryset, search_term)
        paths = [one.removesuffix("__name") for one in self.get_search_fields(request)]
        paths = [path for path in paths if _leads_to_a_person(queryset.model, path)]
        if not search_term.strip() or not paths:
            return found, may_double
        people = Person.objects.found_by(search_term, by_name_only=True).values("pk")
        meant = models.Q(pk__in=found.order_by().values("pk"))
        for path in paths:
            meant |= models.Q(pk__in=queryset.model._default_manager.filter(**{f"{path}__in": people}).values("pk"))
        return queryset.filter(meant), False


def _leads_to_a_person(model: type[models.Model], path: str) -> bool:
    try:
        return model._meta.get_field(path).related_model is Person
    except FieldDoesNotExist:
        return False
