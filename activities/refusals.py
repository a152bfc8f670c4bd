"""Why something cannot be done: a sentence fit to show, in the reader's language, with a way out where there is one."""

from people.models import Person


class Refusal(Exception):
    """``str()`` is the sentence; ``person`` whom it concerns, None when all or nobody in particular.

    about: which question of the form it answers ("consent", "coach", "companion"), "data" when
    a standing consent is missing, "" when it is who comes or no question.
    """

    def __init__(self, sentence: object, person: Person | None = None, *, about: str = "") -> None:
        super().__init__(str(sentence))
        self.person = person
        self.about = about


class SignUpRefused(Refusal):
    pass


class Clash(SignUpRefused):
    """Someone already has a seat elsewhere at that time; may be signed up all the same with ``accept_clash``."""
