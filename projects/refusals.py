"""Why something cannot be done with a project: a sentence fit to show, in the reader's language, that names what to do."""


class Refusal(Exception):
    """``str()`` is the sentence. ``about``: which question of the form it answers, or "pending" for what has to be
    answered first; "" for neither.
    """

    def __init__(self, sentence: object, *, about: str = "") -> None:
        super().__init__(str(sentence))
        self.about = about


class DraftRefused(Refusal):
    pass


class FeedbackRefused(Refusal):
    pass


class FollowRefused(Refusal):
    pass
