"""A partner's webhooks."""


def index(request):
    return None
