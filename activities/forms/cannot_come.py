"""Why somebody who was invited cannot come; they need not say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import CleanCharField


class ReasonForm(forms.Form):
    reason = CleanCharField(label=_("Why, if you like to say"), max_length=120, required=False)
