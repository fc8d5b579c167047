"""Header words of columns that several kinds have, in the languages of our files.

Case, accents, signs and blanks do not count; the label of a column is a word of it anyway.
"""

from __future__ import annotations

IPN = (
    "ipn", "part no", "part number", "part id", "our part number", "internal part number", "item",
    "item no", "item number", "item code", "material", "material no", "material number",
    "article", "article no", "article number", "sku", "product no", "stock code",
    "teilenummer", "teile nr", "artikelnummer", "artikel nr", "artikel", "materialnummer",
    "sachnummer", "reference interne", "code article", "numero article", "referencia",
    "codigo", "codice", "codice articolo", "artikelnummer intern",
)  # fmt: skip
MPN = (
    "mpn", "manufacturer part number", "manufacturer part no", "mfr part number", "mfr part no",
    "mfg part number", "mfg part", "mfr pn", "manufacturer pn", "maker part number",
    "maker's part number", "makers number",
    "vendor part number", "herstellernummer", "hersteller teilenummer", "hersteller artikelnummer",
    "herstellerteilenummer", "reference fabricant", "referencia fabricante", "codice produttore",
)  # fmt: skip
MANUFACTURER = (
    "manufacturer", "manufacturer name", "maker", "mfr", "mfg", "mfr name", "brand", "hersteller",
    "herstellername", "fabricant", "fabricante", "produttore", "fabrikant", "make",
    "manufacturing site",
)  # fmt: skip
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
    "currency", "curr", "currency code", "wahrung", "devise", "moneda", "valuta", "moeda",
)  # fmt: skip
UNIT_PRICE = (
    "unit price", "price", "price each", "unit cost", "net price", "price per unit", "einzelpreis",
    "stuckpreis", "nettopreis", "preis", "prix unitaire", "prix", "precio unitario", "precio",
    "prezzo unitario", "prezzo", "stukprijs",
)  # fmt: skip
