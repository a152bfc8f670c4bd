"""Whom and what staff may choose where a form asks for an activity, a Party organisation, a team or a person."""

from typing import Any

from django.db import models
from django.db.models import Q

from activities.models import Activity
from activities.rules.staff_scope import scope
from people.access.grants import grants_of
from people.access.requests import StaffRequest
from people.access.roles import roles_with
from people.admin.shared import ChoosesPeople
from people.models import PartyOrg, RoleGrant, Team

Role = RoleGrant.Role


class ChoosesActivities(ChoosesPeople):
    """Choices in forms within the user's scope: activities, organisations and teams, and people one may name."""

    def limited(self, request: StaffRequest, model: type[models.Model], queryset: Any) -> models.QuerySet:
        rows = super().limited(request, model, queryset)
        if issubclass(model, Activity):
            return rows.filter(scope(request.user, "activities.view_activity"))
        if model in (PartyOrg, Team):
            return rows.filter(self.own_groups(request, model))
        return rows

    def own_groups(self, request: StaffRequest, model: type[models.Model]) -> Q:
        """Organisations or teams that this user's grants for this model reach; all where a role has no such limit."""
        opts = self.opts
        allowed = roles_with(f"{opts.app_label}.change_{opts.model_name}") | roles_with(
            f"{opts.app_label}.add_{opts.model_name}"
        )
        rows = Q(pk__in=[])
        for grant in grants_of(request.user):
            if grant.role not in allowed:
                continue
            if grant.role == Role.BRANCH_SECRETARY:
                if model is PartyOrg:
                    rows |= Q(pk=grant.org_id) | Q(parent=grant.org_id)
            elif grant.role == Role.TEAM_LEADER:
                if model is Team:
                    rows |= Q(pk=grant.team_id)
            else:
                rows |= Q(neighbourhood=grant.neighbourhood_id)
        return rows

    def circle(self, request: StaffRequest) -> Q:
        """People whom staff without the people's records may name: their branch's members and posts, their team."""
        people = Q(pk__in=[])
        for grant in grants_of(request.user):
            if grant.role == Role.BRANCH_SECRETARY:
                people |= Q(party_memberships__branch=grant.org_id) | Q(posts__org=grant.org_id)
            elif grant.role == Role.TEAM_LEADER:
                people |= Q(team_memberships__team=grant.team_id) | Q(leads_teams=grant.team_id)
        return people
