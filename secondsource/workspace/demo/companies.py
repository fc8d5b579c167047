"""The demonstration's wider circle of manufacturers and distributors. All names are invented."""

from __future__ import annotations

from secondsource.core import audit, clock, traces
from secondsource.core.bulk import insert_rows
from secondsource.workspace.demo.people import Cast
from suppliers.models import Site, Supplier, SupplierAlias
from suppliers.names import normal_name

#: code, name, country, site, activity, country of the site, days that the site needs to recover
COMPANIES = (
    ("ACACIA", "Acacia Resistors", "TW", "Acacia Hsinchu", "assembly", "TW", 60),
    ("BRIAR", "Briar Passives", "CN", "Briar Delta", "assembly", "CN", 75),
    ("CATALPA", "Catalpa Circuits", "US", "Catalpa Ridge", "fab", "US", 150),
    ("DAMSON", "Damson Protection", "DE", "Damson Werk", "assembly", "DE", 45),
    ("ELDERBERRY", "Elderberry Timing", "JP", "Elderberry Coast", "assembly", "JP", 80),
    ("FUCHSIA", "Fuchsia Opto", "MY", "Fuchsia Penang", "assembly", "MY", 70),
    ("GUAVA", "Guava Discrete", "CN", "Guava 2", "fab", "CN", 140),
    ("HAWTHORN", "Hawthorn Magnetics", "AT", "Hawthorn Tal", "assembly", "AT", 50),
    ("IVY", "Ivy Interconnect", "CZ", "Ivy Hall", "assembly", "CZ", 40),
    ("JUNEBERRY", "Juneberry Passives", "JP", "Juneberry North", "assembly", "JP", 65),
    ("KUMQUAT", "Kumquat Logic", "NL", "Kumquat Polder", "fab", "NL", 160),
    ("LAUREL", "Laurel Magnetics", "VN", "Laurel Bay", "assembly", "VN", 75),
    ("MEDLAR", "Medlar Power", "US", "Medlar Mesa", "fab", "US", 170),
    ("NETTLE", "Nettle Memory", "KR", "Nettle 5", "fab", "KR", 180),
    ("OLEANDER", "Oleander Analog", "IE", "Oleander West", "fab", "IE", 165),
    ("PAWPAW", "Pawpaw Power", "CN", "Pawpaw Lake", "fab", "CN", 150),
    ("QUINCE", "Quince Sensors", "CH", "Quince Jura", "assembly", "CH", 90),
    ("ROWAN", "Rowan Relays", "HU", "Rowan Puszta", "assembly", "HU", 55),
    ("SORREL", "Sorrel Timing", "TW", "Sorrel Valley", "assembly", "TW", 70),
    ("TAMARIND", "Tamarind Opto", "TH", "Tamarind East", "assembly", "TH", 85),
    ("ULMARIA", "Ulmaria Analog", "DE", "Ulmaria 200", "fab", "DE", 155),
    ("VERVAIN", "Vervain Discrete", "IT", "Vervain Piana", "fab", "IT", 145),
    ("WILLOWHERB", "Willowherb Microsystems", "FR", "Willowherb Sud", "fab", "FR", 170),
    ("XERIS", "Xeris Sensors", "JP", "Xeris Point", "assembly", "JP", 85),
    ("YARROW", "Yarrow Memory", "TW", "Yarrow 8", "fab", "TW", 175),
    ("ZINNIA", "Zinnia Capacitors", "JP", "Zinnia South", "assembly", "JP", 65),
    ("AGAVE", "Agave Capacitors", "MX", "Agave Norte", "assembly", "MX", 60),
    ("BORAGE", "Borage Connectors", "PL", "Borage Mill", "assembly", "PL", 40),
    ("CLOVER", "Clover Logic", "SG", "Clover Park", "fab", "SG", 160),
    ("DAHLIA", "Dahlia Interface", "US", "Dahlia Creek", "fab", "US", 165),
)
#: code, name, country
DISTRIBUTORS = (
    ("THICKET", "Thicket Distribution", "DE"),
    ("UNDERGROWTH", "Undergrowth Components", "GB"),
)
#: Standings other than approved; those of ``NEW`` nobody has assessed yet.
STANDINGS = {"JUNEBERRY": "preferred", "OLEANDER": "preferred", "GUAVA": "probation"}
NEW = ("XERIS", "AGAVE")


def add_companies(cast: Cast) -> tuple[dict[str, Supplier], dict[str, Site]]:
    """All companies and their sites by code, written by a few statements."""
    quality, born = cast["quality"], {"created_at": clock.now(), "updated_at": clock.now()}
    rows = [(code, name, country, ["manufacturer"]) for code, name, country, *_ in COMPANIES]
    rows += [(code, name, country, ["distributor"]) for code, name, country in DISTRIBUTORS]
    companies = audit.bulk_create_as(
        Supplier,
        [Supplier(code=c, name=n, country=where, kinds=kinds, **born)
         for c, n, where, kinds in rows],
        quality, "first assessment of the supply base",
    )  # fmt: skip
    spellings = [(one.pk, one.name, normal_name(one.name)) for one in companies]
    insert_rows(SupplierAlias, ("supplier_id", "text", "normal"), spellings)
    audit.record_all("suppliers.supplier.added", [(one, {}) for one in companies], quality)
    by_code = {one.code: one for one in companies}
    _assess(companies, cast)
    sites = audit.bulk_create_as(
        Site,
        [
            Site(supplier=by_code[code], name=site, activity=activity, country=where,
                 recovery_days=days, **born)
            for code, _, _, site, activity, where, days in COMPANIES
        ],
        quality,
    )  # fmt: skip
    audit.record_all("suppliers.site.added", [(one, {}) for one in sites], quality)
    return by_code, {one.supplier.code: one for one in sites}


def _assess(companies: list[Supplier], cast: Cast) -> None:
    """Give each company that was assessed its standing."""
    quality, why = cast["quality"], "audit of the demonstration"
    assessed = [one for one in companies if one.code not in NEW]
    for one in assessed:
        one.standing, one.version = STANDINGS.get(one.code, "approved"), one.version + 1
    traces.attribute(quality, why)
    Supplier.objects.bulk_update(assessed, ["standing", "version"])
    audit.record_all(
        "suppliers.supplier.standing",
        [(one, {"from": "not_assessed", "to": one.standing}) for one in assessed],
        quality, note=why,
    )  # fmt: skip
