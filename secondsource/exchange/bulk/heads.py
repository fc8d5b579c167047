"""Columns that several kinds have, and header words in the languages of our files.

Case, accents, signs and blanks do not count; the label of a column is a word of it anyway.
"""

from __future__ import annotations

from secondsource.exchange.bulk import cells, goods_words
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.measures import Pieces, Price

IPN = (
    "ipn", "our part", "our number",
    "part no", "part number", "part id", "our part number", "internal part number", "item",
    "item no", "item number", "item code", "material", "material no", "material number",
    "article", "article no", "article number", "sku", "product no", "stock code",
    "teilenummer", "teile nr", "artikelnummer", "artikel nr", "artikel", "materialnummer",
    "sachnummer", "reference interne", "code article", "numero article", "referencia",
    "codigo", "codice", "codice articolo", "artikelnummer intern",
)  # fmt: skip
# What the reader of BOMs knows for these two is not said here again.
MPN = ("makers number", "vendor part number")
MANUFACTURER = ("manufacturing site",)
SUPPLIER = (
    "supplier", "supplier name", "supplier code", "supplier no", "vendor", "vendor name",
    "vendor code", "distributor", "lieferant", "lieferantenname", "kreditor", "fournisseur",
    "proveedor", "fornitore", "leverancier", "fornecedor", "seller",
)  # fmt: skip
PO = (
    "po", "po no", "po number", "purchase order", "purchase order no", "purchase order number",
    "order", "order no", "order number", "po so", "po so no", "bestellung",
    "bestellnummer", "bestell nr",
    "einkaufsbeleg", "auftragsnummer", "commande", "numero de commande", "no commande", "pedido",
    "numero de pedido", "ordine", "numero ordine", "bestelling",
)  # fmt: skip
PO_LINE = (
    "line", "po line", "line no", "line number", "order line", "position", "pos", "item line",
    "po item", "bestellposition", "ligne", "poste", "linea", "riga", "regel",
)  # fmt: skip
STOCK = (
    "stock", "stock qty", "stock quantity", "on hand", "qty on hand", "quantity on hand",
    "available", "inventory", "free stock", "unrestricted", "bestand", "lagerbestand", "lager",
    "frei verfugbar", "en stock", "quantite en stock", "existencias", "inventario", "giacenza",
    "voorraad", "estoque",
)  # fmt: skip
ON_ORDER = (
    "on order", "qty on order", "quantity on order", "open order", "open order qty", "open orders",
    "open po qty", "bestellt", "bestellbestand", "offene bestellungen", "offene bestellmenge",
    "en commande", "en pedido", "in ordine", "in bestelling",
)  # fmt: skip
SAFETY_STOCK = (
    "safety stock", "min stock", "minimum stock", "reorder point", "sicherheitsbestand",
    "mindestbestand", "stock de securite", "stock de seguridad", "scorta di sicurezza",
    "veiligheidsvoorraad",
)  # fmt: skip
CURRENCY = (
    "currency", "curr", "cur", "ccy", "currency code",
    "wahrung", "devise", "moneda", "valuta", "moeda",
)  # fmt: skip
UNIT_PRICE = (
    "unit price", "price", "price each", "unit cost", "net price", "price per unit", "einzelpreis",
    "stuckpreis", "nettopreis", "preis", "prix unitaire", "prix", "precio unitario", "precio",
    "prezzo unitario", "prezzo", "stukprijs", "purchase price", "purchasing price", "cost",
    "einkaufspreis", "ek preis", "nettoeinzelpreis", "prix net", "precio neto", "prezzo netto",
    "prijs", "preco", "preco unitario",
)  # fmt: skip
#: Headers of what is paid for a whole line.
TOTAL = (
    r"\b(?:total\w*|extended|ext|gesamt\w*|summe|betrag|\w*wert|amount|subtotal|montant|importe"
    r"|importo|totaal\w*|bedrag|valor|valore|valeur|value|sum)\b"
)
#: For how many pieces a price is.
PRICE_UNIT = (
    "price unit", "pricing unit", "unit of price", "price per", "per", "price quantity",
    "price qty", "pricing quantity", "pricing qty", "price basis", "price base", "price unit qty",
    "price unit quantity", "pu", "preiseinheit", "preis einheit", "pe", "preis pro", "preis je",
    "preis per", "preisbasis", "preismenge", "je", "pro", "peinh", "kpein", "unite de prix",
    "base de prix", "prix par", "prix pour", "par", "unidad de precio", "precio por", "por",
    "unita di prezzo", "prezzo per", "prijseenheid", "prijs per", "prijsbasis", "unidade de preco",
    "preco por", "价格单位", "価格単位",
)  # fmt: skip

DEMAND = (
    "usage", "consumption", "requirement", "requirements", "verbrauch", "besoin", "consumo",
    "prevision", "annual demand", "yearly demand", "demand", "eau", "estimated annual usage",
    "annual usage", "yearly usage", "annual forecast", "forecast", "jahresbedarf", "bedarf",
    "demande annuelle", "demanda anual", "fabbisogno annuo", "jaarbehoefte",
)  # fmt: skip
MONTH_DEMAND = (
    "monthly demand", "month demand", "monthly usage", "monthly forecast", "monatsbedarf",
    "demande mensuelle", "demanda mensual", "fabbisogno mensile", "maandbehoefte",
)  # fmt: skip
AS_OF = (
    "as of", "as at", "stock date", "stand", "stichtag", "stand vom", "date du stock", "a fecha",
)  # fmt: skip
ORDERED = (
    "ordered", "order qty", "order quantity", "ordered qty", "quantity ordered", "qty ordered",
    "qty", "quantity", "line item quantity", "bestellmenge", "menge", "quantite commandee",
    "quantite", "cantidad pedida", "cantidad", "quantita ordinata", "quantita", "besteld aantal",
)  # fmt: skip
OPEN = (
    "open", "open qty", "open quantity", "outstanding", "remaining qty", "backlog",
    "offene menge", "offen", "restmenge", "quantite restante", "cantidad pendiente",
    "quantita residua", "openstaand",
)  # fmt: skip
AGREED = (
    "agreed", "promised", "confirmed",
    "agreed delivery date", "confirmed date", "promised date", "promise date",
    "due date", "delivery date", "scheduled delivery date", "schedule date", "need by",
    "liefertermin", "bestatigter termin", "zugesagter termin", "wunschtermin",
    "date de livraison", "date confirmee", "fecha de entrega", "data di consegna", "leverdatum",
)  # fmt: skip
ORDERED_ON = (
    "ordered",
    "order date", "po date", "purchase order date", "po sent to vendor date", "bestelldatum",
    "belegdatum", "date de commande", "fecha de pedido", "data ordine", "besteldatum",
)  # fmt: skip
RECEIVED_ON = (
    "received", "date", "datum",
    "received date", "receipt date", "date received", "goods receipt date",
    "gr date", "posting date", "arrival date", "delivered to client date", "delivered date",
    "wareneingang", "wareneingangsdatum", "eingangsdatum", "buchungsdatum", "we datum",
    "date de reception", "fecha de recepcion", "data ricevimento", "ontvangstdatum",
)  # fmt: skip
RECEIVED = (
    "received qty", "quantity received", "qty received", "receipt qty", "delivered qty", "qty",
    "quantity", "line item quantity", "gr quantity", "liefermenge", "eingangsmenge",
    "gelieferte menge", "menge", "quantite recue", "quantite", "cantidad recibida", "cantidad",
    "quantita ricevuta", "quantita", "ontvangen aantal",
)  # fmt: skip
REJECTED = (
    "rejected", "rejected qty", "qty rejected", "reject qty", "defective", "defects", "scrap",
    "ausschuss", "fehlerhaft", "beanstandet", "reklamiert", "rebut", "quantite rejetee",
    "rechazado", "scarto", "afgekeurd",
)  # fmt: skip
LOT = (
    "lot", "lot no", "lot number", "batch", "batch no", "batch number", "lot code", "charge",
    "chargennummer", "los", "losnummer", "numero de lot", "lote", "lotto", "partij",
)  # fmt: skip
REFERENCE = (
    "goods receipt", "gr no", "gr number", "grn", "receipt no", "receipt number",
    "material document",
    "delivery note", "delivery note no", "asn", "asn dn no", "packing slip", "lieferschein",
    "lieferscheinnummer", "materialbeleg", "wareneingangsnummer", "bon de livraison", "albaran",
    "bolla", "pakbon",
)  # fmt: skip
DATE_CODE = ("date code", "datecode", "dc", "d c", "datumscode", "code date")
PURPOSE = ("purpose", "use", "usage", "verwendung", "zweck")


def ipn(*, required: bool = False, help: str = "") -> Column:
    """Our part number."""
    return Column("ipn", "IPN", cells.Code(), IPN, required, "470-00019", help=help)


def mpn() -> Column:
    """The MPN."""
    return Column("mpn", "MPN", cells.PartNumber(), MPN, example="TPS62130RGTR")


def manufacturer() -> Column:
    """The manufacturer, by name, code or any spelling on record."""
    return Column(
        "manufacturer", "Manufacturer", cells.Company(), MANUFACTURER, example="Texas Instruments",
        help="Needed where several have the number.",
    )  # fmt: skip


def barred() -> Column:
    """A mark on sources that are not to be used."""
    return Column(
        "barred", "Not to be used", cells.YesNo(), goods_words.BARRED, example="no", whole=True,
        help="Rows with “yes” are refused.",
    )  # fmt: skip


def supplier(*, help: str = "") -> Column:
    """Who delivers, by name, code or any spelling on record."""
    return Column("supplier", "Supplier", cells.Company(), SUPPLIER, example="Digi-Key", help=help)


def price_unit() -> Column:
    """For how many pieces the prices of a row are."""
    return Column(
        "price_unit", "Price unit", Pieces(), PRICE_UNIT, example="1", group="prices", whole=True,
        help="1000 when the price is for a thousand; without it, the price of one.",
    )  # fmt: skip


def price() -> tuple[Column, ...]:
    """A unit price and its currency: hidden from who may not see prices."""
    return (
        Column("unit_price", "Unit price", Price(), UNIT_PRICE, example="1.25", group="prices",
               help="Needs a currency.", never=TOTAL, asked=True),
        price_unit(),
        Column("currency", "Currency", cells.Currency(), CURRENCY, example="USD", group="prices"),
    )  # fmt: skip


def as_of(name: str) -> Column:
    """The day that a figure is of; today when the file has none."""
    return Column(
        name, "As of", cells.Date(), AS_OF, example="2026-03-31", help="Without it, today."
    )
