from activities.models.activity import (
    Activity,
    ActivityMove,
    Audience,
    Invitation,
    Minors,
    Promotion,
    Status,
    Visibility,
)
from activities.models.circular import Circular
from activities.models.sign_up import (
    COMING,
    ENDED,
    SEAT_HOLDING,
    ActivityConsent,
    Booking,
    FeedToken,
    ReminderRun,
    SignUp,
    SignUpStatus,
)

__all__ = [
    "COMING",
    "ENDED",
    "SEAT_HOLDING",
    "Activity",
    "ActivityConsent",
    "ActivityMove",
    "Audience",
    "Booking",
    "Circular",
    "FeedToken",
    "Invitation",
    "Minors",
    "Promotion",
    "ReminderRun",
    "SignUp",
    "SignUpStatus",
    "Status",
    "Visibility",
]
