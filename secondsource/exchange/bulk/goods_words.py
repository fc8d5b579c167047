"""Header and cell words of parts, manufacturer parts, sources, offers and suppliers."""

from __future__ import annotations

from parts.units import MEASURED as _MEASURED

MEASURED = sorted(_MEASURED)
DESCRIPTION = (
    "description", "desc", "part description", "item description", "text", "short text",
    "long text", "designation", "title", "bezeichnung", "beschreibung", "benennung", "kurztext",
    "materialkurztext", "designation article", "libelle", "descripcion", "descrizione",
    "omschrijving", "descricao",
)  # fmt: skip
CATEGORY = (
    "category", "part category", "commodity", "commodity group", "product group", "part type",
    "class", "material group", "kategorie", "warengruppe", "materialgruppe", "teileart",
    "famille", "categorie", "categoria", "gruppo merceologico", "categoria do produto",
)  # fmt: skip
VALUE = (
    "value", "part value", "nominal value", "wert", "nennwert", "valeur", "valor", "valore",
    "waarde", "capacitance", "resistance", "inductance", "frequency", "kapazitat", "widerstand",
    "induktivitat", "frequenz",
)  # fmt: skip
FOOTPRINT = (
    "footprint", "package", "package case", "case", "case package", "pcb footprint", "land pattern",
    "housing", "gehause", "bauform", "boitier", "empreinte", "encapsulado", "contenitore",
    "behuizing",
)  # fmt: skip
UNIT = (
    "unit", "uom", "unit of measure", "base unit", "base unit of measure", "einheit", "me",
    "mengeneinheit", "basismengeneinheit", "unite", "unidad", "unita di misura", "eenheid",
)  # fmt: skip
CRITICALITY = (
    "criticality", "abc", "abc class", "abc indicator", "kritikalitat", "abc kennzeichen",
    "criticite", "criticidad",
)  # fmt: skip
LIFECYCLES = (
    "lifecycle", "life cycle", "lifecycle status", "part status", "lifecycle state",
    "lebenszyklus", "lebenszyklusstatus", "cycle de vie", "ciclo de vida", "ciclo di vita",
)  # fmt: skip
#: Lifecycle → how manufacturers and distributors write it.
LIFECYCLE: dict[str, tuple[str, ...]] = {
    "introduction": ("new", "preview", "pre release", "new product", "sampling", "preliminary"),
    "growth": (),
    "mature": ("active", "production", "in production", "mass production", "aktiv", "actif"),
    "decline": ("declining",),
    "nrnd": ("not recommended for new designs", "not for new designs", "not recommended", "nrfnd"),
    "phase_out": ("phase out", "phasing out", "eol announced", "end of life"),
    "last_time_buy": ("ltb", "last time buy", "lifebuy", "last buy"),
    "discontinued": ("obsolete", "eol", "inactive", "discontinued at maker", "abgekundigt"),
    "unknown": (),
}
COST = (
    "unit cost", "standard unit cost", "standard cost", "std cost", "standard price", "cost",
    "standardpreis", "standardkosten", "cout standard", "costo standard", "coste estandar",
    "bewertungspreis",
)  # fmt: skip
COMPANY = (
    "name", "company", "company name", "supplier", "supplier name", "vendor", "vendor name",
    "manufacturer", "manufacturer name", "maker", "lieferant", "firma", "hersteller", "name 1",
    "fournisseur", "fabricant", "proveedor", "fornitore", "leverancier",
)  # fmt: skip
COMPANY_CODE = (
    "code", "supplier code", "vendor code", "supplier no", "supplier number", "vendor no",
    "vendor number", "account", "kreditor", "lieferantennummer", "code fournisseur",
    "codigo de proveedor", "codice fornitore",
)  # fmt: skip
ALIASES = ("aliases", "alias", "also known as", "aka", "other names", "spellings", "synonyms",
           "suchbegriff", "autres noms")  # fmt: skip
KINDS = ("kinds", "kind", "type", "supplier type", "vendor type", "role", "art", "typ")
KIND: dict[str, tuple[str, ...]] = {
    "manufacturer": ("maker", "mfr", "oem", "hersteller", "fabricant", "fabricante"),
    "distributor": ("disti", "reseller", "broker", "distributeur", "handler", "distribuidor"),
}
COUNTRY = ("country", "country code", "country key", "land", "landerschlussel", "pays", "pais",
           "paese")  # fmt: skip
GROUP = ("group", "parent", "parent company", "group company", "konzern", "groupe")
SITE = ("site", "site name", "factory", "plant", "location", "werk", "standort", "fertigungsort",
        "usine", "fabrica", "stabilimento")  # fmt: skip
ACTIVITIES = ("activity", "site activity", "site type", "process", "step", "tatigkeit", "activite")
ACTIVITY: dict[str, tuple[str, ...]] = {
    "fab": ("wafer fab", "foundry", "front end", "frontend", "diffusion", "production"),
    "assembly": ("osat", "back end", "backend", "packaging", "assembly site", "montage"),
    "test": ("final test", "probe", "test site", "prufung"),
    "warehouse": ("hub", "distribution center", "lager", "stock"),
    "office": ("headquarters", "hq", "sales", "buro"),
}
SITE_COUNTRY = ("site country", "country of site", "factory country", "land des standorts")
LATITUDE = ("latitude", "lat", "breitengrad")
LONGITUDE = ("longitude", "lon", "lng", "long", "langengrad")
RECOVERY = ("recovery days", "to recover", "days to recover", "time to recover", "ttr", "recovery",
            "recovery time", "wiederanlaufzeit")  # fmt: skip
LIFECYCLE_AS_OF = ("lifecycle as of", "lifecycle date", "status date", "as of", "stand")
LIFECYCLE_SOURCE = ("lifecycle source", "source of lifecycle", "status source")
DIE = ("die", "die id", "die code", "die revision", "chip", "mask set")
FIT = ("fit", "fit rate", "failure rate", "fit 55c", "ausfallrate")
FIT_CONFIDENCE = ("fit confidence", "confidence", "confidence level", "vertrauensniveau")
MSLS = ("msl", "moisture sensitivity level", "moisture level", "moisture sensitivity")
ROHSES = ("rohs", "rohs status", "rohs compliance", "rohs compliant", "eu rohs")
REACHES = ("reach", "reach status", "reach svhc", "svhc", "eu reach")
PCF = ("pcf", "pcf kg", "carbon footprint", "product carbon footprint", "kg co2e", "co2e kg",
       "gwp")  # fmt: skip
ORIGIN = ("country of origin", "coo", "origin", "made in", "ursprungsland", "pays d origine",
          "pais de origen", "paese di origine")  # fmt: skip
HTS = ("hts", "hts code", "hts no", "hs code", "htsus", "tariff code", "commodity code",
       "customs tariff number", "zolltarifnummer", "warennummer", "code douanier")  # fmt: skip
ECCN = ("eccn", "eccn code", "export control", "export control number", "us eccn")
SANCTIONS = ("sanctions flag", "sanctioned", "sanctions", "embargo", "restricted")
PARAMETER = ("parameter", "parameter name", "characteristic", "attribute", "merkmal", "parametre")
PARAMETER_MIN = ("min", "minimum", "min value", "lower")
PARAMETER_TYP = ("typ", "typical", "nominal", "nom", "typ value")
PARAMETER_MAX = ("max", "maximum", "max value", "upper")
PARAMETER_VALUE = ("value", "parameter value", "wert", "valeur", "valor", "valore")
PARAMETER_UNIT = ("unit", "parameter unit", "einheit", "unite", "unidad")
CONDITION = ("condition", "conditions", "test condition", "bedingung", "remark")
#: Headers that name a property of a part: columns of parameters.
PARAMETERS = (
    "resistance", "capacitance", "inductance", "frequency", "voltage", "current", "power",
    "tolerance", "impedance", "stability", "load", "load capacitance", "temperature",
    "operating temperature", "temperature range", "dielectric", "material", "pins", "positions",
    "pitch", "package", "case", "esr", "dcr", "q", "gain", "bandwidth", "rds on", "vds", "vgs",
    "id", "vce", "ic", "hfe", "vf", "if", "vr", "trr", "vin", "vout", "iout", "iq", "dropout",
    "psrr", "noise", "offset", "slew rate", "supply voltage", "input voltage", "output voltage",
    "output current", "flash", "ram", "memory size", "speed", "clock", "interface", "channels",
    "accuracy", "resolution", "saturation current", "rated current", "rated voltage", "ripple",
    "life", "height", "length", "width", "weight", "color", "contact", "insulation", "forward",
    "breakdown", "leakage", "charge", "load capacitor", "ppm",
    "spannung", "strom", "leistung", "toleranz", "temperatur", "genauigkeit", "polzahl",
)  # fmt: skip
SHARE = ("share", "allocation", "split", "quota", "share of demand", "anteil", "quote", "part")
CAPACITY = ("capacity wk", "capacity", "kapazitat", "capacite", "capacidad", "capacita",
            "capaciteit")  # fmt: skip
VALID_FROM = ("valid from", "start date", "effective from", "effective date", "from", "gultig ab",
              "gultig von", "valable du", "valido desde", "valido dal")  # fmt: skip
VALID_TO = ("valid to", "valid until", "end date", "expiry", "expires", "expiry date", "to",
            "gultig bis", "valable jusqu au", "valido hasta", "valido fino al")  # fmt: skip
CONDITIONS = ("conditions", "condition", "restrictions", "notes", "remarks", "bemerkung", "hinweis",
              "remarques")  # fmt: skip
SCOPE = ("scope", "products", "product", "approved for", "used for", "produkte", "produits")
STANDING = ("approval status", "aml status", "avl status", "approved", "preferred",
            "preferred status", "preference status", "approval", "qualified", "qualification",
            "qualification status", "source status", "mfr status", "manufacturer status",
            "vendor status", "release status", "freigabe", "freigegeben", "freigabestatus",
            "vorzug", "bevorzugt", "homologation", "agree", "aprobado", "approvato",
            "goedgekeurd")  # fmt: skip
STATUS = ("status", "state", "statut", "estado", "stato", *STANDING)
BARRED = ("do not use", "don t use", "not to be used", "not approved", "unapproved", "blocked",
          "barred", "banned", "disqualified", "gesperrt", "sperre", "nicht verwenden",
          "nicht freigegeben", "ne pas utiliser", "interdit", "bloque", "no usar", "bloqueado",
          "non usare", "bloccato", "niet gebruiken")  # fmt: skip
EVIDENCE = ("evidence", "evidence ref", "proof", "proof of approval", "approval document",
            "approval doc", "approval report", "approval reference", "approval ref",
            "approval number", "approval no", "approval id", "approval record", "approval basis",
            "approved by document", "qualification report", "qualification document",
            "qualification reference", "qualification ref", "qual report", "qual doc", "qual ref",
            "qualification no", "qualification number", "test report", "report", "report no",
            "report number", "document", "document no", "document number", "doc no", "doc ref",
            "supporting document", "reference document", "ppap", "ppap no", "psw", "eco", "ecn",
            "ecr", "change order", "change notice", "nachweis", "beleg", "freigabedokument",
            "freigabenachweis", "freigabenummer", "freigabebericht", "prufbericht",
            "qualifikationsbericht", "bericht", "dokument", "dokumentnummer", "justificatif",
            "preuve", "rapport", "rapport de qualification", "document d homologation",
            "evidencia", "prueba", "justificante", "justification", "begrundung", "informe",
            "documento", "prova", "rapporto", "evidenza", "bewijs", "bewijsstuk", "comprovativo",
            "comprovante", "relatorio")  # fmt: skip
#: Documents about the part, on which no approval rests.
NO_EVIDENCE = r"\b(data ?sheet|datenblatt|fiche technique|rohs|reach|msds|drawing|zeichnung|date)\b"
ROLE = ("role", "source role", "preference", "rank", "rolle")
SKU = ("sku", "supplier part number", "distributor part number", "order code", "order number",
       "supplier part", "digikey part number", "mouser part number", "bestellnummer",
       "artikelnummer", "reference fournisseur")  # fmt: skip
BREAK_QUANTITY = ("quantity", "qty", "from quantity", "break", "break qty", "price break",
                  "menge", "ab menge", "staffelmenge", "staffel", "quantite", "cantidad",
                  "quantita")  # fmt: skip
BREAK_PRICE = ("price", "unit price", "net price", "preis", "staffelpreis", "prix", "precio",
               "prezzo", "cost")  # fmt: skip
BREAK_TYPES = ("break type", "price break type", "staffelart")
BREAK_TYPE: dict[str, tuple[str, ...]] = {
    "all_units": ("all", "all unit", "slab", "mengenstaffel"),
    "incremental": ("increment", "graduated", "tiered"),
}
MOQ = ("moq", "minimum order quantity", "min order qty", "minimum", "min qty",
       "mindestbestellmenge", "mindestmenge", "minimum de commande", "pedido minimo")  # fmt: skip
MULTIPLE = ("multiple", "order multiple", "mpq", "spq", "package quantity", "pack qty",
            "packaging unit", "verpackungseinheit", "ve", "multiple de commande")  # fmt: skip
LEAD_MIN = ("lead time min", "lead time from", "min lead time", "lead min", "lieferzeit von",
            "lieferzeit min", "delai min", "plazo minimo", "levertijd min")  # fmt: skip
LEAD_MAX = ("lead time", "lead time max", "max lead time", "leadtime", "lead", "lt",
            "delivery time", "delivery", "factory lead time", "manufacturer lead time",
            "mfr lead time", "standard lead time", "std lead time", "factory lt",
            "supplier lead time",
            "planned delivery time", "lieferzeit", "lieferfrist", "planlieferzeit", "plifz",
            "lieferzeit max", "lieferwochen", "liefertage", "wiederbeschaffungszeit", "wbz",
            "delai", "delai de livraison", "delai d approvisionnement", "plazo", "plazo de entrega",
            "tiempo de entrega", "tempo di consegna", "tempi di consegna", "termine di consegna",
            "levertijd", "leveringstermijn", "prazo de entrega", "交期", "货期", "納期",
            "срок поставки")  # fmt: skip
CHANNELS = ("channel", "sales channel", "vertriebsweg", "canal")
CHANNEL: dict[str, tuple[str, ...]] = {
    "direct": ("manufacturer", "maker", "direkt"),
    "franchised": ("authorised", "authorized", "distributor", "disti", "autorisiert"),
    "broker": ("open market", "independent", "spot", "grey"),
}
NCNR = ("ncnr", "non cancellable", "nc nr", "non cancelable non returnable")
INCOTERM = ("incoterm", "incoterms", "delivery terms", "lieferbedingung")
TARIFF = ("tariff rate", "tariff", "duty", "duty rate", "customs duty", "zollsatz", "zoll")
