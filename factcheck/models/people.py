"""Who works here, for which desk, and who publishes what is read."""

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.guards import Guard, refuse, unchanging, undeletable, unless_held

PARTNERS_STAY = "A partner and a colleague are two: add the one or the other anew."

# SQL over `article` and NEW, a person: they did something there, or typed something that is kept for them.
WORKED_THERE = """
    EXISTS (SELECT FROM factcheck_auditentry entry
            WHERE entry.chain = article.uuid::text AND entry.actor = NEW.id)
    OR EXISTS (SELECT FROM factcheck_draft draft
               JOIN factcheck_claimreview review ON review.id = draft.review_id
               JOIN factcheck_claim claim ON claim.id = review.claim_id
               WHERE claim.article_id = article.id AND draft.person_id = NEW.id)
"""


class Role(models.TextChoices):
    """What a person may do is one table in permissions.py; a person has one role."""

    REPORTER = "reporter", _("Reporter")
    CHECKER = "checker", _("Checker")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    PARTNER = "partner", _("Partner")  # an organisation outside the desk, by its keys (models/keys.py)


class UserManager(BaseUserManager):
    def create_user(self, email: str, name: str, role: str, password: str | None = None) -> "User":
        """Password None: the person cannot log in until one is set."""
        user = self.model(email=self.normalize_email(email), name=name, role=role)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def at_the_desk(self) -> "models.QuerySet[User]":
        """Those who may log in, by name: colleagues, and so no partner."""
        return self.filter(is_active=True).exclude(role=Role.PARTNER).order_by("name", "pk")

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person with a log-in, or a partner. Rows are never deleted: reviews and the trail name them by id."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("may log in"), default=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)  # "": the desk's, settings.TIME_ZONE
    keyboard_shortcuts = models.BooleanField(_("single keys do things"), default=True)
    erased_at = models.DateTimeField(_("name and address erased"), null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(name="role_is_known", condition=models.Q(role__in=Role.values)),
            models.CheckConstraint(
                name="who_is_erased_has_no_login",
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False),
            ),
        ]
        triggers = [
            unchanging("people_keep_their_key", ["id"], "A person's key stays: the trail and the reviews name it."),
            undeletable("people_stay", "A person's row is never deleted; take the log-in away instead."),
            Guard(
                name="partners_stay_partners",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF (NEW.role = 'partner') <> (OLD.role = 'partner') THEN
                        {refuse("partners_stay_partners", PARTNERS_STAY)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="who_worked_on_what_is_held_keeps_their_name",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN
                        {unless_held("who_worked_on_what_is_held_keeps_their_name", WORKED_THERE)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def handle(self) -> str:
        """By what colleagues mention the person: what stands before the @ of the e-mail address."""
        return self.email.partition("@")[0]


def default_rating_labels() -> dict[str, str]:
    return {"1": "False", "2": "Mostly false", "3": "Half true", "4": "Mostly true", "5": "True"}


class Desk(models.Model):
    """The newsroom itself: one row, made with the first set-up."""

    id = models.PositiveSmallIntegerField(
        primary_key=True, default=1, validators=[MinValueValidator(1), MaxValueValidator(1)], editable=False
    )
    name = models.CharField(_("name"), max_length=200)
    logo_url = models.URLField(_("logo"), blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    rating_labels = models.JSONField(_("labels of the rating scale"), default=default_rating_labels)

    class Meta:
        verbose_name = _("desk")
        constraints = [models.CheckConstraint(name="one_desk", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def method_version(self) -> int:
        """Of the page on how the desk checks; 0 before it is written."""
        return self._method()[0]

    @property
    def checklist(self) -> list[str]:
        """The steps of that version, which every review answers."""
        return self._method()[1]

    def _method(self) -> tuple[int, list[str]]:
        newest = self.pages.filter(kind="method").order_by("-version")
        return newest.values_list("version", "checklist").first() or (0, [])


class Outlet(models.Model):
    """Who publishes an article or a source (schema.org `publisher`). Not a role, not a person."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", _("Not said")
        NEWS = "news", _("News")
        AGENCY = "agency", _("News agency")
        GOVERNMENT = "government", _("Government")
        ORGANISATION = "organisation", _("Organisation")
        ACADEMIC = "academic", _("Academic")
        FACT_CHECKER = "fact_checker", _("Fact-checker")

    name = models.CharField(_("name"), max_length=300)
    domain = models.CharField(_("domain"), max_length=253, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.UNKNOWN)
    reliability_note = models.TextField(_("reliability"), blank=True)

    class Meta:
        verbose_name = _("outlet")
        constraints = [models.UniqueConstraint(Lower("name"), name="one_outlet_per_name")]

    def __str__(self) -> str:
        return self.name
