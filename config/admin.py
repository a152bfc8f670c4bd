"""Puts the portal's own admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site: log-in with a second factor, scoped by role, our tokens."""

    default_site = "config.admin_site.PortalAdminSite"
