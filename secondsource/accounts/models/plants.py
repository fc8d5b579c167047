"""Plants and product lines scope what a person sees; teams share targets."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from secondsource.core.models import Record, change_history

CODE_PATTERN = r"^[A-Z0-9][A-Z0-9._-]*$"
#: The pattern of a code in an address.
CODE_SEGMENT = CODE_PATTERN.strip("^$")
validate_code = RegexValidator(
    CODE_PATTERN, "Use capital letters, digits, point, hyphen, underscore; begin with no mark."
)


class Coded(Record):
    """A record with a name and a code that is safe in a URL."""

    code = models.CharField(max_length=40, unique=True, validators=[validate_code])
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The form with which an administrator changes it."""
        name = str(self._meta.verbose_name).replace(" ", "_")
        return reverse(f"{name}_edit", args=[self.code])


class Plant(Coded):
    """A site of ours where products are made."""

    country = models.CharField(max_length=2, blank=True, default="")
    time_zone = models.CharField(max_length=40, default="UTC")
    history = change_history()


class ProductLine(Coded):
    """A family of products with its own responsibility."""

    history = change_history()


class Team(Coded):
    """People who share the same targets."""

    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    history = change_history()
