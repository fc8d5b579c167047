"""Hidden fields of suppliers."""

from secondsource.accounts.visibility import hide

hide("suppliers.receipt", "prices", "unit_price", "currency")
hide("suppliers.orderline", "prices", "unit_price", "currency")
hide("suppliers.offer", "prices", "currency", "price_breaks")
