"""Serializers of categories, parts, products and bills of material."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.house_rules import CompanyPolicy
from parts.models import BomLine, BomRevision, Category, Part, Product, Requirement
from parts.models.catalogue import Lifecycle, MadeIn, RiskClass
from parts.models.figures import PartFigures
from secondsource.accounts.models import Plant, ProductLine, User
from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core import policies
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape

CODE = CODE_PATTERN.removesuffix("$") + r"\Z"


def people(user: User | None) -> QuerySet[User]:
    """People who can be responsible for a part."""
    return User.objects.filter(is_active=True)


def parts(user: User | None) -> QuerySet[Part]:
    """Parts within the caller's scope."""
    found: QuerySet[Part] = Part.objects.visible_to(user)
    return found


def products(user: User | None) -> QuerySet[Product]:
    """Products within the caller's scope."""
    found: QuerySet[Product] = Product.objects.visible_to(user)
    return found


def categories(user: User | None) -> QuerySet[Category]:
    """All categories."""
    return Category.objects.all()


class CodeField(serializers.RegexField, fields.Text):
    """A natural key that is safe in a URL."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CODE, max_length=40, **options)


class CategoryShape(RecordShape):
    """A node of the category tree."""

    path = fields.Text()
    name = fields.Text()
    ipn_prefix = fields.Text()
    risk_class = fields.Word(choices=RiskClass.choices)
    made_in = fields.Word(choices=MadeIn.choices)


class CategoryValues(Input):
    """The fields of a category."""

    name = fields.Text(max_length=100)
    ipn_prefix = CodeField(required=False, allow_blank=True)
    risk_class = fields.Word(choices=RiskClass.choices, required=False)
    made_in = fields.Word(choices=MadeIn.choices, required=False)


class CategoryChanges(CategoryValues):
    """Fields that can be changed; ``under`` moves the category with all below it, '' to the top."""

    under = fields.Text(max_length=200, required=False, allow_blank=True)


class CategoryInput(CategoryValues):
    """A new category."""

    path = serializers.RegexField(r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*\Z", max_length=200)


class RequirementShape(Shape):
    """What we need of a parameter."""

    group = fields.Text()
    parameter = fields.Text()
    rule = fields.Word(choices=Requirement.Rule.choices)
    minimum = fields.Number(allow_null=True)
    maximum = fields.Number(allow_null=True)
    text = fields.Text()
    unit = fields.Text()
    on_typical = fields.Flag()
    consequence = fields.Text()


def currency_under(version: int) -> str:
    """The company's currency under the version of the policy by which figures were computed."""
    return policies.version(CompanyPolicy, version).currency


class PartFiguresShape(Shape):
    """Computed columns of a part; null means missing, never zero.

    ``supply`` counts sources that are approved and not nominal, over parts that are bought and
    used. ``in_qualification``: an open case would take the part out of ``none`` or ``single``.
    """

    hides = "parts.partfigures"

    approved_sources = fields.Whole()
    counted_sources = fields.Whole()
    independent_sources = fields.Whole()
    underway_sources = fields.Whole()
    candidate_sources = fields.Whole()
    supply = fields.Word(choices=PartFigures.Supply.choices)
    in_qualification = fields.Flag()
    single_source = fields.Flag()
    month_demand = fields.Quantity(allow_null=True)
    bom_demand = fields.Quantity(allow_null=True)
    demand_basis = fields.Word(choices=PartFigures.DemandBasis.choices)
    spend_12m = fields.Money(
        "spend_12m", "policy_version", named=currency_under, places=2, allow_null=True
    )
    spend_basis = fields.Word(choices=PartFigures.Basis.choices)
    unpriced_receipts = fields.Whole()
    cover_wk = fields.DecimalText(allow_null=True)
    lead_wk = fields.DecimalText(allow_null=True)
    computed_at = fields.Moment()
    policy_version = fields.Whole()


class PartShape(RecordShape):
    """A part, addressed by its IPN."""

    hides = "parts.part"

    ipn = fields.Text()
    description = fields.Text()
    category = fields.Text(source="category.path")
    criticality = fields.Word(choices=Part.Criticality.choices)
    lifecycle = fields.Word(choices=Lifecycle.choices)
    unit = fields.Text()
    value = fields.Text()
    footprint = fields.Text()
    stock_qty = fields.Quantity(allow_null=True)
    open_order_qty = fields.Quantity(allow_null=True)
    safety_stock = fields.Quantity(allow_null=True)
    stock_as_of = fields.Day(allow_null=True)
    stock_source = fields.Text()
    standard_cost = fields.Money("standard_cost", "standard_cost_currency", allow_null=True)
    annual_demand = fields.Quantity(source="figures.annual_demand", allow_null=True)
    demand_as_of = fields.Day(allow_null=True)
    demand_source = fields.Text()
    owner = fields.Text(source="owner.email", allow_null=True)
    case = fields.Text(source="figures.case_key", allow_null=True)
    requirements = RequirementShape(many=True)
    figures = PartFiguresShape(allow_null=True)


class RequirementInput(Input):
    """The fields of a requirement."""

    group = fields.Text(max_length=60, required=False, allow_blank=True)
    parameter = fields.Text(max_length=80)
    rule = fields.Word(choices=Requirement.Rule.choices)
    minimum = fields.Number(required=False, allow_null=True)
    maximum = fields.Number(required=False, allow_null=True)
    text = fields.Text(max_length=200, required=False, allow_blank=True)
    unit = fields.Text(max_length=20, required=False, allow_blank=True)
    on_typical = fields.Flag(required=False)
    consequence = fields.Text(max_length=200, required=False, allow_blank=True)


class PartChanges(Input):
    """The fields of a part that can be changed; ``requirements`` replaces all of them.

    ``annual_demand`` is the given demand; null returns to the demand of BOMs and volumes.
    """

    hides = "parts.part"

    description = fields.Text(max_length=300, required=False, allow_blank=True)
    category = fields.Key(categories, "path")
    criticality = fields.Word(choices=Part.Criticality.choices, required=False)
    lifecycle = fields.Word(choices=Lifecycle.choices, required=False)
    unit = fields.Text(max_length=12, required=False)
    value = fields.Text(max_length=120, required=False, allow_blank=True)
    footprint = fields.Text(max_length=200, required=False, allow_blank=True)
    stock_qty = fields.Quantity(required=False, allow_null=True)
    open_order_qty = fields.Quantity(required=False, allow_null=True)
    safety_stock = fields.Quantity(required=False, allow_null=True)
    stock_as_of = fields.Day(required=False, allow_null=True)
    stock_source = fields.Text(max_length=120, required=False, allow_blank=True)
    annual_demand = fields.Quantity(source="given_demand", required=False, allow_null=True)
    demand_as_of = fields.Day(required=False, allow_null=True)
    demand_source = fields.Text(max_length=120, required=False, allow_blank=True)
    standard_cost = fields.Money(
        "standard_cost", "standard_cost_currency", required=False, allow_null=True
    )
    owner = fields.Key(people, "email", required=False, allow_null=True)
    requirements = RequirementInput(many=True, required=False, max_length=500)


class PartInput(PartChanges):
    """A new part; without ``ipn`` it gets the next number of its category."""

    ipn = CodeField(required=False)


class WhereUsedShape(serializers.Serializer[Any]):
    """A path from the part up to a product."""

    product = fields.Text()
    quantity = fields.Quantity()
    level = fields.Whole()
    path = fields.Texts()
    designators = fields.Texts()


class ProductShape(RecordShape):
    """A product or an assembly."""

    hides = "parts.product"

    code = fields.Text()
    name = fields.Text()
    phase = fields.Word(choices=Product.Phase.choices, allow_blank=True)
    monthly_volume = fields.Whole(allow_null=True)
    unit_margin = fields.Money("unit_margin", allow_null=True)
    annual_revenue = fields.Money("annual_revenue", places=2, allow_null=True)
    plants = fields.Codes()
    product_line = fields.Text(source="product_line.code", allow_null=True)
    customer_approval = fields.Flag()
    part = fields.Text(source="part.ipn", allow_null=True)


def plants(user: User | None) -> QuerySet[Plant]:
    """All plants."""
    return Plant.objects.all()


def product_lines(user: User | None) -> QuerySet[ProductLine]:
    """All product lines."""
    return ProductLine.objects.all()


class ProductChanges(Input):
    """The fields of a product that can be changed; both amounts have one currency."""

    hides = "parts.product"

    name = fields.Text(max_length=200)
    phase = fields.Word(choices=Product.Phase.choices, required=False)
    monthly_volume = fields.Whole(
        required=False, allow_null=True, min_value=0, max_value=2_000_000_000
    )
    unit_margin = fields.Money("unit_margin", required=False, allow_null=True)
    annual_revenue = fields.Money("annual_revenue", required=False, allow_null=True)
    product_line = fields.Key(product_lines, required=False, allow_null=True)
    customer_approval = fields.Flag(required=False)
    part = fields.Key(parts, "ipn", required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Margin and revenue have the same currency; without either the currency is unchanged."""
        given = [
            money["currency"]
            for name in ("unit_margin", "annual_revenue")
            if isinstance(money := self.initial_data.get(name), dict)
        ]
        if len(set(given)) > 1:
            raise serializers.ValidationError(
                {"annual_revenue": ["Margin and revenue have one currency."]}, "mixed_currencies"
            )
        attrs.pop("currency", None)
        return attrs | ({"currency": given[0]} if given else {})


class ProductInput(ProductChanges):
    """A new product."""

    code = CodeField()
    plants = fields.Items(child=fields.Key(plants), required=False, max_length=200)


class BomAlternate(serializers.Serializer[Any]):
    """A further manufacturer part of the line in the file."""

    manufacturer = fields.Text()
    mpn = fields.Text()


@extend_schema_field(OpenApiTypes.BOOL)
class Fitted(serializers.Field[Any, Any, Any, Any]):
    """Whether pieces of the line are placed, or its quantity is 0; output only."""

    def to_representation(self, line: BomLine) -> bool:
        return line.quantity_not_fitted < line.quantity or line.quantity == 0


@extend_schema_field(BomAlternate(many=True))
class Alternates(serializers.Field[Any, Any, Any, Any]):
    """The alternates of a line as in its file; output only."""

    def to_representation(self, value: list[dict[str, str]]) -> list[dict[str, str]]:
        """Fills in empty texts for a missing manufacturer or MPN."""
        return [
            {"manufacturer": given.get("manufacturer") or "", "mpn": given.get("mpn") or ""}
            for given in value
        ]


class BomLineShape(Shape):
    """A line of a bill of material."""

    position = fields.Whole()
    ipn = fields.Text(source="part.ipn")
    quantity = fields.Quantity()
    quantity_not_fitted = fields.Quantity()
    fitted = Fitted(source="*", read_only=True)
    designators = fields.Texts()
    value = fields.Text()
    footprint = fields.Text()
    manufacturer = fields.Text()
    mpn = fields.Text()
    alternates = Alternates(read_only=True)
    note = fields.Text()


class RevisionShape(Shape):
    """A revision of a product's bill of material."""

    id = fields.PublicId()
    number = fields.Whole()
    label = fields.Text()
    current = fields.Flag()
    origin = fields.Text()
    created_at = fields.Moment()


class BomDifference(serializers.Serializer[Any]):
    """A part whose use differs between two revisions."""

    CHANGES: ClassVar[list[str]] = ["added", "removed", "quantity", "alternates"]

    ipn = fields.Text()
    change = serializers.ChoiceField(choices=CHANGES)
    before = BomLineShape(allow_null=True)
    after = BomLineShape(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Adds ``from``, which cannot be a name in Python, and ``to``."""
        found = super().get_fields()
        order = {"ipn": "ipn", "change": "change", "from": "before", "to": "after"}
        return {name: found[declared] for name, declared in order.items()}


def of_revision(revision: BomRevision) -> QuerySet[BomLine]:
    """The lines of a revision with the relations that the serializer reads."""
    return revision.lines.select_related("part").order_by("position")
