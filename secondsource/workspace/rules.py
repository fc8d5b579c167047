"""Fields of the company's figures that not everybody sees."""

from secondsource.accounts.visibility import hide

hide(
    "workspace.companyfigures", "exposure", "spend_12m", "no_source_spend",
    "single_source_spend", "single_source_underway", "by_category",
)  # fmt: skip
