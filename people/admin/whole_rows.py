"""What the database would refuse becomes a sentence: the constraints of the whole row, and what happens between look and write."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.refusals import Refusal

logger = logging.getLogger(__name__)


class ChecksWholeRow(forms.ModelForm):
    """Holds the row to all its constraints. Django leaves out those with a field that this page fixes or hides, such as the
    neighbourhood of a code that has to be unique within it, and the database then says no with an error page."""

    def _update_errors(self, errors: ValidationError) -> None:
        # What Django calls "Constraint “location_code_unique” is violated" is said below, in words.
        if hasattr(errors, "error_dict"):
            names = {str(one.get_violation_error_message()) for one in self._constraints() if _is_wordless(one)}
            general = errors.error_dict.get(NON_FIELD_ERRORS, [])
            errors.error_dict[NON_FIELD_ERRORS] = [one for one in general if "".join(one.messages) not in names]
        form: Any = super()  # Django's hooks, which its types leave out
        form._update_errors(errors)

    def _post_clean(self) -> None:
        form: Any = super()
        form._post_clean()
        if self.errors:
            return
        try:
            self.instance.validate_unique()
        except ValidationError as error:
            self.add_error(None, error)
        for constraint in self._constraints():
            try:
                constraint.validate(constraint_model(self.instance, constraint), self.instance)
            except ValidationError as error:
                beside = [name for name in fields_of(constraint) if name in self.fields]
                self.add_error(beside[-1] if beside else None, self._words(constraint, error))

    def _constraints(self) -> list[models.BaseConstraint]:
        return [one for _model, constraints in self.instance.get_constraints() for one in constraints]

    def _words(self, constraint: models.BaseConstraint, error: ValidationError) -> Any:
        if not _is_wordless(constraint):
            return error
        names = [name for name in fields_of(constraint) if name in self.fields] or fields_of(constraint)
        labels = _(", ").join(f"“{capfirst(_label(self.instance, name))}”" for name in names)
        if isinstance(constraint, models.UniqueConstraint):
            return _("There is one like this already; please write something else in %(fields)s.") % {"fields": labels}
        return _("These do not go together: %(fields)s.") % {"fields": labels}


def _is_wordless(constraint: models.BaseConstraint) -> bool:
    return constraint.violation_error_message == constraint.default_violation_error_message


def _label(row: models.Model, name: str) -> str:
    try:
        return str(getattr(row._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def constraint_model(row: models.Model, constraint: models.BaseConstraint) -> type[models.Model]:
    """The model, of the row's own and its parents, that ``constraint`` is written on."""
    return next(model for model, constraints in row.get_constraints() if constraint in constraints)


def fields_of(constraint: models.BaseConstraint) -> list[str]:
    """The names of the fields that ``constraint`` speaks of, in its order."""
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        return list(constraint.fields)
    expressions = [
        *getattr(constraint, "expressions", ()),
        *(one for one in [getattr(constraint, "condition", None)] if one is not None),
    ]
    found: dict[str, None] = {}
    for expression in expressions:
        for part in expression.flatten():
            for name in _names(part):
                found.setdefault(name)
    return list(found)


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, models.Q):
        for child in part.children:
            if isinstance(child, tuple):
                yield child[0].partition("__")[0]
                yield from _names(child[1])
            else:
                yield from _names(child)
    elif isinstance(part, models.F):
        yield str(vars(part)["name"]).partition("__")[0]
    elif hasattr(part, "get_source_expressions"):
        for child in part.get_source_expressions():
            yield from _names(child)


@contextmanager
def whole_or_refused() -> Iterator[None]:
    """All that is written inside, or nothing; what the database itself refuses, since somebody was faster, is a Refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        logger.warning("refused by the database: %s", error)
        raise Refusal(
            _(
                "Somebody else has just stored something that this does not go with: a code, a name or a number is taken,"
                " or what it belongs to is gone. Nothing is saved; please look at it again."
            )
        ) from error
