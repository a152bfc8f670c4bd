"""``Refusal``, which an operation raises to say no; and the helpers that show its sentence beside a field or as a message."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

AGE_UNKNOWN = "age unknown"  # the person's own word would settle it
CLASH = "clash"  # somebody has a seat elsewhere at that time; may be signed up all the same when asked again


class Refusal(Exception):
    """A sentence fit to show, in the reader's language, with a way out where there is one: ``str()`` is it.

    person: whom it concerns, None when all or nobody in particular (a row of people; this floor knows none).
    about: which question of the form it answers ("consent", "coach", "companion"), "data" when a standing consent is
    missing, "pending" for what has to be answered first, "" when it is who comes or no question.
    code: for callers that act on the kind of refusal instead of showing it (:data:`CLASH`), else "".
    """

    def __init__(self, sentence: object, person: Any = None, *, about: str = "", code: str = "") -> None:
        super().__init__(str(sentence))
        self.person = person
        self.about = about
        self.code = code


class Caught:
    """``with caught() as no:`` runs operations until one refuses; ``no.sentence`` is then what it said, else "".

    A refused operation has changed nothing. Code after the block says what follows; a ``return`` inside it is the good end.
    """

    def __init__(self, show: Callable[[Refusal], None] | None = None) -> None:
        self.show = show
        self.refusal: Refusal | None = None

    @property
    def sentence(self) -> str:
        return str(self.refusal) if self.refusal is not None else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if not isinstance(error, Refusal):
            return False
        self.refusal = error
        if self.show is not None:
            self.show(error)
        return True


def caught() -> Caught:
    """For pages that have a place of their own for the sentence."""
    return Caught()


def as_message(request: HttpRequest) -> Caught:
    """For a button without a form: the sentence stands above the page that comes next."""
    return Caught(lambda refusal: messages.error(request, str(refusal)))


def in_form(form: BaseForm, field: str | None = None) -> Caught:
    """The form comes back with everything typed, and the sentence beside the question that the refusal is about.

    Where the form does not ask that, beside ``field``, or above the form. A form that knows better has ``refuse``.
    """

    def show(refusal: Refusal) -> None:
        if refuse := getattr(form, "refuse", None):
            refuse(refusal)
        else:
            form.add_error(refusal.about if refusal.about in form.fields else field, str(refusal))

    return Caught(show)
