"""A person: one account, one e-mail address, whatever the roles and mandates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kit import clock
from people.models import standing


class Language(models.TextChoices):
    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class LoginEmailField(models.EmailField):
    """An e-mail address, kept and looked up in lower case: nobody has two accounts by a capital letter."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.strip().lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Person | None) -> Self:
        """Oneself, those of one's own organisations, the staff of one's own programmes; managers see everyone."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = person.standing
        if own.has_role("administrator") or own.has_role("programme_manager"):
            return self
        from people.models.organisations import Mandate, Membership
        from people.models.roles import RoleAssignment

        colleagues = RoleAssignment.objects.live().filter(scope__in=own.scopes()).values("person")
        members = Membership.objects.live().filter(organisation__in=own.acts_for).values("person")
        mandated = Mandate.objects.confirmed().filter(organisation__in=own.acts_for).values("person")
        return self.filter(
            models.Q(pk=person.pk) | models.Q(pk__in=colleagues) | models.Q(pk__in=members) | models.Q(pk__in=mandated)
        )


_Manager: Any = BaseUserManager.from_queryset(PersonQuerySet)


class PersonManager(_Manager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A new account; without a password nobody can sign in to it until one is set by mail."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=email)

    async def aget_by_natural_key(self, email: str | None) -> Person:
        return await self.aget(email=email)


class Person(AbstractBaseUser):
    """Who signs in, by e-mail. Rights come from roles, memberships and mandates (`standing`), never from flags here."""

    email = LoginEmailField(_("e-mail address"), max_length=254, unique=True)
    full_name = models.CharField(_("first and last name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["full_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def actor_id(self) -> str:
        """The person's stable name in the records."""
        return f"person:{self.pk}"

    @property
    def actor_label(self) -> str:
        return str(self)

    @property
    def journal_chain(self) -> str:
        return "site"

    @property
    def journal_label(self) -> str:
        """Without a name: the journal's chain outlives the personal data."""
        return self.actor_id

    @property
    def standing(self) -> standing.Standing:
        """What this person is at this moment, read once and kept with this object (once a request).

        Read again after `refresh_from_db` and after any act of this process that changes a role, a mandate or
        a membership.
        """
        stamp = standing.stamp()
        kept = self.__dict__.get("_standing")
        if kept is None or kept[0] != stamp:
            kept = (stamp, standing.read(self.pk))
            self.__dict__["_standing"] = kept
        return kept[1]

    @staticmethod
    def read_standings(persons: Iterable[Person]) -> None:
        """Read the standings of `persons` in one query, where they are not in memory yet."""
        stamp = standing.stamp()
        waiting = [person for person in persons if (person.__dict__.get("_standing") or (None,))[0] != stamp]
        if not waiting:
            return
        found = standing.read_many(person.pk for person in waiting)
        for person in waiting:
            person.__dict__["_standing"] = (stamp, found[person.pk])

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_standing", None)
        super().refresh_from_db(*args, **kwargs)

    # What Django's back office asks of a user: administrators of the site read it, no one writes in it.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.standing.has_role("administrator")

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff and ".view_" in perm

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
