"""The negative control of the storm: the same portal with the seat lock taken out. Serves nothing but the bench."""

import time

from bench.wsgi import application  # sets Django up, before any model can be imported

# isort: split
from activities.models import Activity
from activities.operations import locks, queue

__all__ = ["application"]


def unlocked(activity_id, person_ids=()):
    return Activity.objects.select_related("neighbourhood").get(pk=activity_id)


counted = queue.must_wait


def slow(*args, **options):
    answer = counted(*args, **options)
    time.sleep(0.02)  # widens the gap between reading and writing that the lock closes
    return answer


locks.lock = unlocked
queue.must_wait = slow
