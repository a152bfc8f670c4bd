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
from activities.models.attendance import ArrivalSlip, SheetAct, WalkIn
from activities.models.cannot_come import CannotCome
from activities.models.circular import Circular
from activities.models.sign_up import ActivityConsent, Booking, FeedToken, ReminderRun, SignUp
from activities.models.sign_up_states import (
    COMING,
    ENDED,
    LIVE,
    MARKED,
    SEAT_HOLDING,
    SEAT_KEPT,
    TO_COME,
    EndCode,
    Mover,
    SignUpStatus,
)
from activities.models.words_change import WordsChange

__all__ = [
    "COMING",
    "ENDED",
    "LIVE",
    "MARKED",
    "SEAT_HOLDING",
    "SEAT_KEPT",
    "TO_COME",
    "Activity",
    "ActivityConsent",
    "ActivityMove",
    "ArrivalSlip",
    "Audience",
    "Booking",
    "CannotCome",
    "Circular",
    "EndCode",
    "FeedToken",
    "Invitation",
    "Minors",
    "Mover",
    "Promotion",
    "ReminderRun",
    "SheetAct",
    "SignUp",
    "SignUpStatus",
    "Status",
    "Visibility",
    "WalkIn",
    "WordsChange",
]
