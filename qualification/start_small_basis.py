"""How the figures of a proposal to start small came about, in sentences for its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secondsource.core.formats import change, money, money_exact, number, percent

if TYPE_CHECKING:
    from qualification.start_small import Proposal

_ROUNDED = " Rounded to two digits."


def of_saving(found: Proposal) -> str:
    """From offers, in prices or relative to the incumbent; else from the spend."""
    if found.from_offers:
        pieces = f"{percent(found.share)} of {number(found.demand)} pieces a year"
        if found.sight.prices:
            saved = money_exact(found.unit_saving, found.currency)
            return f"Best offers of today: {saved} a piece less, for {pieces}."
        told = change(found.relative_price)
        return f"Best offers of today: {told} a piece, for {pieces}.{_ROUNDED}"
    spend = money(found.spend, found.currency)
    told = f"{percent(found.saving_rate)} of the spend of 12 months, {spend} ({found.spend_basis})"
    return f"{told}, until both sources have offers.{'' if found.sight.prices else _ROUNDED}"


def of_exposure(found: Proposal) -> str:
    """The margin lost while the only source is down, or what is missing for it."""
    if found.lost_wk is None or found.recovery_wk is None or found.stock_wk is None:
        return "Not known: stock, demand or an approved source is missing. It counts as 0."
    where = "its site's own figure" if found.recovery_stated else "the default of such a plant"
    lost = (
        f"The source is back after {number(found.recovery_wk, 1)} weeks ({where}), the stock lasts"
        f" {number(found.stock_wk, 1)}: {number(found.lost_wk, 1)} weeks without the part"
    )
    if found.withheld:
        return f"{lost}. Below two products it is their margin, which you do not see."
    if found.margin_wk is None:
        missing = ", ".join(found.without_margin[:3]) or "its products"
        return f"{lost}. The margin of {missing} is not known. It counts as 0."
    products = f"{found.products} product{'' if found.products == 1 else 's'}"
    if not found.sight.margins:
        return f"{lost}, at the margin of {products}.{_ROUNDED}"
    return f"{lost}, at {money(found.margin_wk, found.currency)} a week of {products}."


def of_points(found: Proposal) -> str:
    """The ranking of the house rule."""
    return (
        f"(expected saving + {percent(found.exposure_weight)} of the exposure) ÷"
        f" {number(found.effort_days)} days of effort of a low-risk case."
    )
