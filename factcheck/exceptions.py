"""What can go wrong, in the desk's words. Each message is fit to be shown to the person who caused it."""


class DeskError(Exception):
    """The root of our own errors: a door shows str(error), and nothing was changed."""


class BadInput(DeskError, ValueError):
    """Something that was sent cannot be taken; the message says what and why."""


class Unread(BadInput):
    """Bytes came, and no article can be read from them. kept: whether they wait under “What could not be read”."""

    kept = False


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


class FetchError(DeskError):
    """An address gave nothing that can be used; str(error) is fit for whoever gave the address.

    reason is for machines, one of: malformed, scheme, credentials, port, forbidden_address (AddressRefused); dns,
    refused, tls, timeout (NoAnswer); malformed, status, gone (for good: 410), redirects, content_type, encoding,
    too_large, ratio (AnswerRefused); robots. retry: whether asking again later can help; retry_after: the seconds that
    the server asked to wait, if it named any. status: of the answer, if that is what was wrong with it.
    """

    def __init__(
        self,
        message: str,
        reason: str = "",
        *,
        retry: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry = retry
        self.retry_after = retry_after
        self.status = status


class AddressRefused(FetchError):
    """Nobody was asked: the address cannot be read, or leads where the desk does not go."""


class NoAnswer(FetchError):
    """The address may be right, but nothing came from it, or not in time."""


class AnswerRefused(FetchError):
    """An answer came, and it is an error, too large, or not what was asked for."""


class RobotsRefused(FetchError):
    """The site asks programs not to fetch this (robots.txt)."""
