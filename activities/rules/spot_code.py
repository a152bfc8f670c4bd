"""The word in the address of the code at the spot: nobody who has not seen the printed sheet can guess it (V2)."""

from django.utils.crypto import constant_time_compare, salted_hmac

from activities.models import Activity

LENGTH = 12  # hexadecimal signs, 48 bits


def word_of(activity: Activity) -> str:
    """Always the same for an activity, so that a sheet printed a week ago holds."""
    return salted_hmac("activities.rules.spot_code", str(activity.pk), algorithm="sha256").hexdigest()[:LENGTH]


def is_word_of(activity: Activity, word: str) -> bool:
    return constant_time_compare(word_of(activity), word)
