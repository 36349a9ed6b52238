"""What can go wrong, in the desk's words. Each message is fit to be shown to the person who caused it."""


class DeskError(Exception):
    """The root of our own errors: a door shows str(error), and nothing was changed."""


class BadInput(DeskError, ValueError):
    """Something that was sent cannot be taken; the message says what and why."""


class NotAllowed(DeskError):
    """This person may not do this."""


class InvalidTransition(DeskError):
    """The state machine has no such arrow."""


class Conflict(DeskError):
    """Somebody else was first: the row is no longer in the version that the client had read."""


class Refused(DeskError):
    """A rule of the database said no. `rule` is the name of the constraint or guard."""

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class LeaseLost(DeskError):
    """A worker came back to a job that has meanwhile been given to another; its result must not be written."""
