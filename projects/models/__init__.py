"""Beautification projects: what grew out of what, their stages, places, money, result, and the pieces made in them."""

from projects.models.cover import Cover, CoverArtist, CoverInspection, CoverQuerySet, CoverRepaint
from projects.models.piece import Piece, PiecePhoto, PieceQuerySet
from projects.models.project import Project, ProjectArticle, ProjectPhoto, ProjectQuerySet, ProjectStage
from projects.models.words import Governance, Theme, validate_governance, validate_themes

__all__ = [
    "Cover",
    "CoverArtist",
    "CoverInspection",
    "CoverQuerySet",
    "CoverRepaint",
    "Governance",
    "Piece",
    "PiecePhoto",
    "PieceQuerySet",
    "Project",
    "ProjectArticle",
    "ProjectPhoto",
    "ProjectQuerySet",
    "ProjectStage",
    "Theme",
    "validate_governance",
    "validate_themes",
]
