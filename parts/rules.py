"""Hidden fields of parts and products."""

from secondsource.accounts.visibility import hide

hide("parts.part", "prices", "standard_cost", "standard_cost_currency")
hide("parts.partfigures", "prices", "spend_12m", "spend_basis")
hide("parts.product", "margins", "unit_margin", "annual_revenue", "currency")
