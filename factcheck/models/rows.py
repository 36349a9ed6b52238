"""What rows have in common that people and machines change: a version to compare and swap, and two times."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


def web_address(rule: str) -> models.CheckConstraint:
    """`url` is empty or begins with http(s)://: pages make links of it, and `javascript:` is an address too."""
    return models.CheckConstraint(name=rule, condition=models.Q(url="") | models.Q(url__regex=r"^https?://"))


class Versioned(models.Model):
    """`version` rises with every UPDATE (guards.rises); whoever writes says which version was read."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Stated(Versioned):
    """A versioned row with a status. Only workflow.transitions.move() changes it, along TRANSITIONS."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]]
    status: "models.CharField[str, str]"  # each machine has its own choices

    class Meta:
        abstract = True

    @property
    def article_key(self) -> int:
        """Primary key of the article this row belongs to: its row is locked first, its uuid names the chain."""
        raise TypeError(f"{type(self).__name__} does not say to which article it belongs")
