"""The one way to say no: a sentence fit to show, in the reader's language, with a way out where there is one."""

from typing import Any

CLASH = "clash"  # somebody has a seat elsewhere at that time; may be signed up all the same when asked again


class Refusal(Exception):
    """``str()`` is the sentence.

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
