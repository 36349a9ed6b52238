"""How people come in: allauth, with the desk's own rules."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """A desk's people are invited; nobody signs up by themselves."""
        return False
