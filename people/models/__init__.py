from people.models.access import AccessLog
from people.models.account import RoleGrant, User
from people.models.consent import Channel, Consent, ConsentText
from people.models.file import Photo, PhotoPair, PrivateFile
from people.models.guardian import BondQuestion, GuardianInvitation
from people.models.household import HouseholdAdult
from people.models.log_in_code import CodeAsked
from people.models.merge import PersonMerge
from people.models.message import Message, Occasion, OptOut
from people.models.neighbourhood import Building, Compound, Location, Neighbourhood
from people.models.party import (
    Committee,
    CommitteePost,
    DualRegistration,
    PartnerUnit,
    PartyMember,
    PartyOrg,
    PropertyCompany,
    Superior,
    Team,
    TeamMembership,
)
from people.models.person import Family, Guardianship, Person, PersonKey, PossibleDuplicate
from people.models.sealed import Seal, Sealed, SealedQuerySet, opened
from people.models.search import SearchDocument
from people.models.sent_form import SentForm
from people.models.system_state import Heartbeat, TrialClock

__all__ = [
    "CodeAsked",
    "AccessLog",
    "BondQuestion",
    "Building",
    "Channel",
    "Committee",
    "CommitteePost",
    "Compound",
    "Consent",
    "ConsentText",
    "DualRegistration",
    "Family",
    "GuardianInvitation",
    "Guardianship",
    "Heartbeat",
    "HouseholdAdult",
    "Location",
    "Message",
    "Neighbourhood",
    "Occasion",
    "OptOut",
    "PartnerUnit",
    "PartyMember",
    "PartyOrg",
    "Person",
    "PersonKey",
    "PersonMerge",
    "Photo",
    "PhotoPair",
    "PossibleDuplicate",
    "PrivateFile",
    "PropertyCompany",
    "RoleGrant",
    "Seal",
    "Sealed",
    "SealedQuerySet",
    "SentForm",
    "SearchDocument",
    "Superior",
    "Team",
    "TeamMembership",
    "TrialClock",
    "User",
    "opened",
]
