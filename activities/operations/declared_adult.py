"""Signing up by somebody who says with the same form that they are 18 or over."""

from datetime import datetime
from typing import Any

from django.db import transaction

from activities.models import Activity, Booking
from activities.operations import locks, sign_ups
from people.models import Person
from people.operations import accounts


def sign_up(activity: Activity, *, made_by: Person, at: datetime, says_adult: bool, **asked: Any) -> Booking:
    """Book as :func:`sign_ups.sign_up` does; where that refuses, the tick about the age is not kept either."""
    with transaction.atomic():
        if says_adult:
            locks.lock(activity.pk, {made_by.pk, *(person.pk for person in asked["people"])})
            accounts.declare_adult(made_by)
        return sign_ups.sign_up(activity, made_by=made_by, at=at, **asked)
