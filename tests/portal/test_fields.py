"""What a form says of a field that was left empty: a sentence of ours in every form, the staff's too."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.forms import modelform_factory
from django.utils import translation

from people.models import Location
from portal.fields import NameField

SENTENCES = {
    forms.CharField: ("Please fill this in.", "请填写这一项。"),
    forms.DateField: ("Please fill this in.", "请填写这一项。"),
    forms.IntegerField: ("Please fill this in.", "请填写这一项。"),
    forms.ChoiceField: ("Please choose one.", "请选择一项。"),
    forms.MultipleChoiceField: ("Please choose at least one.", "请至少选择一项。"),
    forms.BooleanField: ("Please tick this box.", "请勾选这一项。"),
    forms.ImageField: ("Please choose a file.", "请选择文件。"),
}


@pytest.mark.parametrize(("kind", "sentences"), SENTENCES.items())
def test_what_is_missing_is_asked_for_in_both_languages(kind, sentences):
    form = type("Asked", (forms.Form,), {"it": kind()})({})
    for language, sentence in zip(("en", "zh-hans"), sentences, strict=True):
        with translation.override(language):
            assert type(form)({}).errors["it"] == [sentence]


def test_choosing_a_record_and_forms_made_from_models_too():
    one = forms.ModelChoiceField(Group.objects.none())
    many = forms.ModelMultipleChoiceField(Group.objects.none())
    with translation.override("en"):
        assert str(one.error_messages["required"]) == "Please choose one."
        assert str(many.error_messages["required"]) == "Please choose at least one."
        form = modelform_factory(Location, fields=["name"])({"name": ""})
        assert form.errors["name"] == ["Please fill this in."]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张 三", "张三"),
        (" 欧阳\u3000小 满 ", "欧阳小满"),
        ("Ａnna Ｌi２", "Anna Li2"),
        ("Anna Li", "Anna Li"),
        ("阿不都·热合曼", "阿不都·热合曼"),
        ("王芳（小）", "王芳（小）"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 ． 买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽。买买提", "阿依古丽·买买提"),
        ("J. Smith", "J. Smith"),
        ("J．Smith", "J.Smith"),
    ],
)
def test_a_name_is_kept_in_one_way_of_writing(typed, kept):
    """Or a child whom both parents add, one with a space in the name, would be two and take two seats."""
    assert NameField().clean(typed) == kept
