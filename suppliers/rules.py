"""Hidden fields of suppliers."""

from secondsource.accounts.visibility import hide

hide("suppliers.receipt", "prices", "unit_price", "currency")
hide("suppliers.orderline", "prices", "unit_price", "currency")
hide("suppliers.offer", "prices", "currency", "price_breaks")
hide("suppliers.rfqline", "prices", "qualification_cost")
hide("suppliers.quote", "prices", "currency", "rate")
hide("suppliers.quoteline", "prices", "price_breaks", "breaks", "freight", "nre", "tooling")
hide(
    "suppliers.priceagreement", "prices", "currency", "price_breaks", "breaks", "rebate_rate",
    "rebate_threshold",
)  # fmt: skip
