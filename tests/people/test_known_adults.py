"""Rule V4, "known adult", is said in Python for one person and in SQL for many: they agree, whatever is known of whom."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Person
from people.models.person import known_adults
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

DAYS = st.one_of(st.dates(date(2017, 1, 1), date(2029, 12, 31)), st.sampled_from([date(2020, 2, 29), date(2020, 3, 1)]))


def near(day: date) -> st.SearchStrategy[date]:
    """Birth dates about 18 years before ``day``, where the answer changes, and any others."""
    about = date(day.year - 18, day.month, min(day.day, 28))
    close = st.integers(-3, 3).map(lambda days: about + timedelta(days=days))
    return st.one_of(close, st.dates(date(1930, 1, 1), date(2016, 12, 31)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_says_of_everybody_what_python_says(neighbourhood, data):
    day = data.draw(DAYS)
    known = st.tuples(
        st.none() | near(day),
        st.none() | st.integers(day.year - 20, day.year - 16) | st.integers(1930, 2016),
        st.none() | st.just(NOW),
    )
    everyone = Person.objects.bulk_create(
        Person(
            neighbourhood=neighbourhood,
            name="居民",
            birth_date=born,
            birth_year=year,
            declared_adult_at=declared,
            added_at=NOW,
        )
        for born, year, declared in data.draw(st.lists(known, min_size=1, max_size=30))
    )
    adults = {person.pk for person in everyone if person.is_adult_on(day)}
    asked = Person.objects.filter(pk__in=[person.pk for person in everyone])

    assert set(asked.adults_on(day).values_list("pk", flat=True)) == adults
    assert set(asked.minors_on(day).values_list("pk", flat=True)) == {one.pk for one in everyone} - adults
    here = type(neighbourhood).objects.filter(known_adults(day, "people__"), people__in=asked)
    assert set(here.values_list("people__pk", flat=True)) == adults
