"""Who asks, and what the key that was sent opens."""

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api.access import ANY_KEY
from factcheck.api.doors import Door
from factcheck.api.schema import described
from factcheck.models import Role, Scope


class OwnKeySerializer(serializers.Serializer):
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="What may be shown of it.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    per_minute = serializers.IntegerField(help_text="Requests; the header RateLimit says what is left of them.")
    expires_at = serializers.DateTimeField()


class MeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    key = OwnKeySerializer(allow_null=True, help_text="Null for who came without one.")


class Me(Door):
    scopes = {"GET": ANY_KEY}

    @described("getMe", "Who asks, and with which key", MeSerializer)
    def get(self, request):
        user, key = request.user, request.auth
        shown = key and {name: getattr(key, name) for name in OwnKeySerializer().fields} | {"prefix": key.shown}
        return Response({"id": user.pk, "name": user.name, "role": user.role, "key": shown})
