"""Manufacturer parts, their parameters and their sites."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models

from parts.models.catalogue import Lifecycle
from secondsource.core.models import Record, change_history, words_known
from suppliers.models.companies import Site, Supplier

validate_country = RegexValidator(r"^[A-Z]{2}\Z", "A country is its two letters of ISO 3166.")
validate_hts = RegexValidator(
    r"^[0-9]{4}[0-9.]{0,11}\Z", "A tariff code has four digits or more, such as 8542.31.0001."
)
validate_eccn = RegexValidator(
    r"^(EAR99|[0-9][A-E][0-9]{3}([.][A-Za-z0-9.]{1,9})?)\Z",
    "An export control number is EAR99 or looks like 3A001.a.2.",
)


@words_known
class ManufacturerPart(Record):
    """A manufacturer's orderable part; ``mpn_normal`` is the form in which spellings are compared.

    ``fit``: failures in 10⁹ hours at the one-sided ``fit_confidence`` (a fraction). ``pcf_kg``: kg
    CO₂e a piece, cradle to gate. ``sanctions_flag``: the result of screening. Blank and null mean
    not known, never "no".
    """

    class Msl(models.TextChoices):
        """Moisture sensitivity levels of J-STD-020."""

        L1 = "1", "1"
        L2 = "2", "2"
        L2A = "2a", "2a"
        L3 = "3", "3"
        L4 = "4", "4"
        L5 = "5", "5"
        L5A = "5a", "5a"
        L6 = "6", "6"

    class Rohs(models.TextChoices):
        COMPLIANT = "compliant"
        EXEMPT = "exempt", "compliant by exemption"
        NON_COMPLIANT = "non_compliant", "not compliant"

    class Reach(models.TextChoices):
        NO_SVHC = "no_svhc", "no SVHC above 0.1 %"
        SVHC = "svhc", "SVHC above 0.1 %"

    manufacturer = models.ForeignKey(  # the constraint manufacturer_part_once has an index
        Supplier, models.PROTECT, related_name="manufacturer_parts", db_index=False
    )
    mpn = models.CharField(max_length=200)
    mpn_normal = models.CharField(max_length=200)
    description = models.CharField(max_length=300, blank=True, default="")
    lifecycle = models.CharField(max_length=13, choices=Lifecycle, default=Lifecycle.UNKNOWN)
    lifecycle_as_of = models.DateField(null=True, blank=True)
    lifecycle_source = models.CharField(max_length=120, blank=True, default="")
    datasheet_url = models.URLField(max_length=500, blank=True, default="", db_default="")
    die = models.CharField(max_length=80, blank=True, default="")
    fit = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    fit_confidence = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    msl = models.CharField(max_length=2, choices=Msl, blank=True, default="", db_default="")
    rohs = models.CharField(max_length=13, choices=Rohs, blank=True, default="", db_default="")
    reach = models.CharField(max_length=7, choices=Reach, blank=True, default="", db_default="")
    pcf_kg = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    country_of_origin = models.CharField(
        max_length=2, blank=True, default="", db_default="", validators=[validate_country]
    )
    hts_code = models.CharField(
        max_length=15, blank=True, default="", db_default="", validators=[validate_hts]
    )
    eccn = models.CharField(
        max_length=15, blank=True, default="", db_default="", validators=[validate_eccn]
    )
    sanctions_flag = models.BooleanField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fit__isnull=True) | models.Q(fit__gte=0),
                name="manufacturer_part_fit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(fit_confidence__isnull=True)
                | models.Q(fit_confidence__gt=0, fit_confidence__lt=1),
                name="manufacturer_part_confidence_fraction",
            ),
            models.CheckConstraint(
                condition=models.Q(pcf_kg__isnull=True) | models.Q(pcf_kg__gte=0),
                name="manufacturer_part_pcf_not_negative",
            ),
            models.UniqueConstraint(
                fields=["manufacturer", "mpn_normal"], name="manufacturer_part_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(mpn_normal=""), name="manufacturer_part_has_number"
            ),
        ]
        indexes = [
            models.Index(fields=["mpn_normal"]),
            models.Index(fields=["manufacturer", "id"], name="mpn_by_manufacturer"),
        ]

    def __str__(self) -> str:
        return self.mpn


class ManufacturerPartSite(models.Model):
    """A site of a manufacturer part."""

    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.CASCADE, related_name="part_sites"
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="made_parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manufacturer_part", "site"], name="part_site_once")
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_part_id} at {self.site_id}"


class Parameter(models.Model):
    """One line of a manufacturer's datasheet: numbers with a unit, or a text."""

    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.CASCADE, related_name="parameters"
    )
    name = models.CharField(max_length=80)
    minimum = models.FloatField(null=True, blank=True)
    typical = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    condition = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer_part", "name", "condition"], name="parameter_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
