"""Webhooks: where a partner wants to be told of what, and how each telling went."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api.doors import Door, PageQuery, Row, absolute, etag, found, listed, page
from factcheck.api.inputs import Input, NothingSerializer, Truth, Words
from factcheck.api.schema import ID, described
from factcheck.models import WEBHOOK_KINDS, WEBHOOK_TEST, Delivery, Scope, WebhookEndpoint
from factcheck.permissions import require
from factcheck.workflow import webhooks

WEBHOOKS = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WEBHOOKS)


def _kinds(**more: Any) -> serializers.ListField:
    kinds = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in WEBHOOK_KINDS])
    return serializers.ListField(child=kinds, min_length=1, **more)


class NewEndpointSerializer(Input):
    url = Words(max_length=2000, help_text="https://, and not inside a private network.")
    kinds = _kinds(required=False, default=[kind.value for kind in WEBHOOK_KINDS], help_text="Without it: everything.")


class EndpointChangesSerializer(Input):
    url = Words(max_length=2000, required=False)
    kinds = _kinds(required=False)
    enabled = Truth(required=False, help_text="false: nothing is sent, and what waits is given up.")

    def validate(self, attrs):
        if not attrs:
            raise serializers.ValidationError("Say what is to change: url, kinds or enabled.")
        return attrs


class EndpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    kinds = _kinds()
    enabled = serializers.BooleanField()
    switched_off = serializers.CharField(allow_blank=True, help_text="Why the desk switched it off.")
    switched_off_at = serializers.DateTimeField(allow_null=True)
    old_secret_until = serializers.DateTimeField(allow_null=True, help_text="Until then a former secret signs too.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class EndpointWithSecretSerializer(EndpointSerializer):
    secret = serializers.CharField(help_text="whsec_…, shown only now.")


class DeliveryQuery(PageQuery):
    state = serializers.ChoiceField(choices=Delivery.State.choices, required=False)


class DeliverySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    message = serializers.CharField(help_text="The header webhook-id, the same at each attempt.")
    kind = serializers.ChoiceField(choices=[*(kind.value for kind in WEBHOOK_KINDS), WEBHOOK_TEST])
    seq = serializers.IntegerField(allow_null=True, help_text="Of the event; null for a test.")
    happened_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="Of the next attempt, while it waits.")
    last_at = serializers.DateTimeField(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True, help_text="Of the last answer; null: none came.")
    last_error = serializers.CharField(allow_blank=True)


class ReplayedSerializer(serializers.Serializer):
    replayed = serializers.IntegerField(help_text="How many are sent again.")


def find(id: str, user: Any) -> WebhookEndpoint:
    return found(WebhookEndpoint.objects, id, "webhook endpoint", user)


def endpoint_shown(endpoint: WebhookEndpoint) -> dict:
    names = ("url", "kinds", "enabled", "switched_off", "switched_off_at", "version", "created_at")
    shown = {name: getattr(endpoint, name) for name in names}
    return {"id": endpoint.pk, **shown, "old_secret_until": endpoint.old_until}


def delivery_shown(delivery: Delivery) -> dict:
    names = ("message", "kind", "seq", "happened_at", "state", "attempts", "last_at", "last_status", "last_error")
    shown = {name: getattr(delivery, name) for name in names}
    waits = delivery.state == Delivery.State.WAITING
    return {"id": delivery.pk, **shown, "next_at": delivery.next_at if waits else None}


def deliveries_shown(some: list[Delivery]) -> list[dict]:
    return [delivery_shown(delivery) for delivery in some]


class OfPartner(Door):
    """For partners alone: people of the desk have no webhooks."""

    scopes: ClassVar = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WEBHOOKS)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        require(request.user, "manage webhooks")


class Endpoints(OfPartner):
    shown_once = True

    @described("listWebhooks", "Your endpoints", listed("EndpointPage", EndpointSerializer), asks=[PageQuery])
    def get(self, request):
        rows = WebhookEndpoint.objects.visible_to(request.user)
        return page(self, rows, self.asked(PageQuery), lambda some: [endpoint_shown(each) for each in some])

    @described(
        "makeWebhook",
        "Have events posted to an address; the answer has its secret",
        EndpointWithSecretSerializer,
        takes=NewEndpointSerializer,
        status=201,
        location=True,
    )
    def post(self, request):
        made, secret = webhooks.make_endpoint(request.user, by=request.user, **self.taken(NewEndpointSerializer))
        headers = {"ETag": etag(made.version), "Location": absolute(f"webhooks/{made.pk}/")}
        return Response({**endpoint_shown(made), "secret": secret}, status=201, headers=headers)


class OneEndpoint(OfPartner, Row):
    find = staticmethod(find)
    show = staticmethod(endpoint_shown)

    @described("getWebhook", "One endpoint", EndpointSerializer, row=True)
    def get(self, request, id):
        return self.shown()

    @described(
        "changeWebhook",
        "Change an endpoint, or switch it off or on",
        EndpointSerializer,
        takes=EndpointChangesSerializer,
        row=True,
        write=True,
    )
    def patch(self, request, id):
        endpoint = self.row()
        kept = {name: getattr(endpoint, name) for name in ("url", "kinds", "enabled")}
        asked = {**kept, **self.taken(EndpointChangesSerializer)}
        webhooks.change_endpoint(endpoint, by=request.user, seen=self.seen(endpoint), **asked)
        return self.shown()

    @described("deleteWebhook", "Delete an endpoint with its log", EndpointSerializer, row=True, write=True)
    def delete(self, request, id):
        endpoint = self.row()
        shown = self.shown(endpoint)
        webhooks.delete_endpoint(endpoint, by=request.user, seen=self.seen(endpoint))
        return shown


class NewSecret(OfPartner, Row):
    shown_once = True
    find = staticmethod(find)
    show = staticmethod(endpoint_shown)

    @described(
        "renewWebhookSecret",
        "A new secret; for 24 hours what is sent is signed with the old one too",
        EndpointWithSecretSerializer,
        takes=NothingSerializer,
        row=True,
        write=True,
    )
    def post(self, request, id):
        endpoint = self.row()
        seen = self.seen(endpoint)
        self.taken(NothingSerializer)
        secret = webhooks.new_secret(endpoint, by=request.user, seen=seen)
        headers = {"ETag": etag(endpoint.version)}
        return Response({**endpoint_shown(endpoint), "secret": secret}, headers=headers)


class Ping(OfPartner):
    @described(
        "pingWebhook",
        "Send a webhook.test to an endpoint",
        DeliverySerializer,
        takes=NothingSerializer,
        asks=[ID],
        status=202,
        refused=[409],
    )
    def post(self, request, id):
        self.taken(NothingSerializer)
        return Response(delivery_shown(webhooks.ping(find(id, request.user), by=request.user)), status=202)


class Deliveries(OfPartner):
    @described(
        "listDeliveries",
        "What was sent to an endpoint in the last 30 days, and how it went",
        listed("DeliveryPage", DeliverySerializer),
        asks=[ID, DeliveryQuery],
    )
    def get(self, request, id):
        asked = self.asked(DeliveryQuery)
        rows = Delivery.objects.visible_to(request.user).filter(endpoint=find(id, request.user))
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        return page(self, rows, asked, deliveries_shown)


class ReplayFailed(OfPartner):
    @described(
        "replayFailed",
        "Send everything again that failed",
        ReplayedSerializer,
        takes=NothingSerializer,
        asks=[ID],
        status=202,
        refused=[409],
    )
    def post(self, request, id):
        self.taken(NothingSerializer)
        count = webhooks.replay_failed(find(id, request.user), by=request.user)
        return Response({"replayed": count}, status=202)


class ReplayOne(OfPartner):
    @described(
        "replayDelivery",
        "Send one webhook again, under the same webhook-id",
        DeliverySerializer,
        takes=NothingSerializer,
        asks=[ID],
        status=202,
        refused=[409],
    )
    def post(self, request, id):
        self.taken(NothingSerializer)
        delivery = found(Delivery.objects.select_related("endpoint"), id, "delivery", request.user)
        return Response(delivery_shown(webhooks.replay(delivery, by=request.user)), status=202)
