"""Sentences with which a rota, a call for help, a service record or a certificate says no; each names what to do."""


class RotaRefused(Exception):
    """A sentence fit to show."""


class ServiceRefused(Exception):
    """A sentence fit to show."""


class CallRefused(Exception):
    """A sentence fit to show."""


class CertificateRefused(Exception):
    """A sentence fit to show."""
