"""Sentences with which a rota says no; each names what to do."""


class RotaRefused(Exception):
    """A sentence fit to show."""
