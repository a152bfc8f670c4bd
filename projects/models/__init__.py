"""Beautification projects: what grew out of what, their stages, places, money, result, and the pieces made in them."""

from projects.models.cover import Cover, CoverArtist, CoverInspection, CoverQuerySet, CoverRepaint
from projects.models.draft import DesignDraft, DesignDraftQuerySet, DraftImage, FeedbackRound
from projects.models.feedback import TAKEN_UP, Channel, Disposition, Feedback, FeedbackQuerySet, Tally
from projects.models.follow import Follow
from projects.models.garden import Adoption, Bed, Light, Plant, Planting, Season, UpkeepEntry, validate_months
from projects.models.piece import Piece, PiecePhoto, PieceQuerySet
from projects.models.plan import PlanPicture
from projects.models.project import Project, ProjectArticle, ProjectPhoto, ProjectQuerySet, ProjectStage
from projects.models.record import ActivityGovernance, ProjectRecord
from projects.models.season import PlantCandidate, SeasonBallot, SeasonPlan
from projects.models.story import OralHistory, StoryPhoto
from projects.models.trail import Trail, TrailPoint, TrailStamp, TrailWord
from projects.models.wall import Wall, WallPanel, WallStage, WallSurvey
from projects.models.words import Governance, Theme, validate_governance, validate_themes
from projects.models.work import Donation, Work

__all__ = [
    "ActivityGovernance",
    "Adoption",
    "Bed",
    "Channel",
    "Cover",
    "CoverArtist",
    "CoverInspection",
    "CoverQuerySet",
    "CoverRepaint",
    "DesignDraft",
    "DesignDraftQuerySet",
    "Disposition",
    "Donation",
    "DraftImage",
    "Feedback",
    "FeedbackQuerySet",
    "FeedbackRound",
    "Follow",
    "Governance",
    "Light",
    "OralHistory",
    "Piece",
    "PiecePhoto",
    "PieceQuerySet",
    "PlanPicture",
    "Plant",
    "PlantCandidate",
    "Planting",
    "Project",
    "ProjectArticle",
    "ProjectPhoto",
    "ProjectQuerySet",
    "ProjectRecord",
    "ProjectStage",
    "Season",
    "SeasonBallot",
    "SeasonPlan",
    "StoryPhoto",
    "TAKEN_UP",
    "Tally",
    "Theme",
    "Trail",
    "TrailPoint",
    "TrailStamp",
    "TrailWord",
    "UpkeepEntry",
    "Wall",
    "WallPanel",
    "WallStage",
    "WallSurvey",
    "Work",
    "validate_governance",
    "validate_months",
    "validate_themes",
]
