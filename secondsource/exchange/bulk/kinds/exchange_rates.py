"""Exchange rates: a row a rate, or a table with a column for each currency."""

from __future__ import annotations

from parts.models import ExchangeRate
from parts.services.rates import FIRST_DAY, TOO_EARLY
from secondsource.core import clock, outbox
from secondsource.core.money import MINOR_UNITS
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.staging import Stage
from suppliers.receivers import RATES

_RATE = cells.Number(24, 12)
#: Cells of a wide table that say that there is no rate.
_NONE = "upper(c.value) IN ('N/A', 'NA', '-', '')"
_CELLS = "jsonb_each_text(s.rates) c (header, value)"
_NUMBER = r"^[0-9]{1,12}([.][0-9]{1,12})?$"


class ExchangeRates(RecordKind):
    """Found by the two currencies, the day and the publisher; another figure corrects the rate."""

    name, label, noun = "exchange_rates", "Exchange rates", ("exchange rate", "exchange rates")
    permission = "parts.write_exchangerate"
    help = (
        "One row a rate: the currency, the currency that it is given in, the rate, the day and the"
        " publisher. Or one row a day with a column for each currency, as the ECB publishes them:"
        " units for one euro."
    )
    columns = (
        Column("currency", "Currency", cells.Currency(), (*heads.CURRENCY, "base", "from"),
               example="EUR", help="One unit of it is worth the rate; in a table of columns EUR."),
        Column("quote", "In", cells.Currency(),
               ("quote", "quote currency", "to", "target currency", "counter currency"),
               example="USD"),
        Column("rate", "Rate", _RATE, ("exchange rate", "fx rate", "mid", "kurs", "wechselkurs"),
               example="1.0923"),
        Column("per_usd", "Units for one USD", _RATE, ("per usd", "usd rate"), example="0.9155",
               help="Instead of the rate and the currency that it is given in."),
        Column("as_of", "Day", cells.Date(), (*heads.AS_OF, "date", "datum", "rate date"),
               required=True, example="2026-10-30"),
        Column("publisher", "Publisher", cells.Text(120), ("source", "provider", "quelle"),
               example="ECB"),
        Column("rates", "A currency, by its header", cells.Text(40), tuple(MINOR_UNITS),
               named=True, help="“USD”, “JPY” …: units for one unit of the currency."),
    )  # fmt: skip
    one_of = (("rate", "per_usd", "rates"),)
    model = ExchangeRate
    key = (
        "t.currency = s.currency AND t.quote = s.quote AND t.as_of = s.as_of"
        " AND t.publisher = s.publisher"
    )
    unique, unique_words = ("currency", "quote", "as_of", "publisher"), "rate"
    values = {"rate": "s.rate"}
    initial = {name: f"s.{name}" for name in unique}

    def find(self, stage: Stage) -> None:
        if stage.has("rates"):
            self._spread(stage)
        stage.refuse(
            "per_usd", "two_rates", "Give the rate or the units for one USD, not both.",
            "s.rate IS NOT NULL AND s.per_usd IS NOT NULL",
        )  # fmt: skip
        stage.sql(
            "UPDATE {s} SET quote = currency, currency = 'USD', rate = per_usd"
            " WHERE per_usd IS NOT NULL AND rate IS NULL"
        )

    def _spread(self, stage: Stage) -> None:
        """Make a row of each cell; a row with a cell that is no rate stays as it is, refused."""
        if not stage.has("currency"):
            stage.note("in_euro", "Read as units for one EUR, as the ECB publishes them.")
            stage.sql("UPDATE {s} SET currency = 'EUR'")
        if not stage.has("publisher"):
            stage.note("by_ecb", "The file names no publisher: ECB is recorded.")
            stage.sql("UPDATE {s} SET publisher = 'ECB'")
        stage.refuse(
            "rates", "not_a_rate", "A rate is a number above 0, such as 1.0923.",
            f"EXISTS (SELECT FROM {_CELLS} WHERE NOT {_NONE} AND CASE WHEN c.value !~ '{_NUMBER}'"
            " THEN true ELSE c.value::numeric = 0 END)",
        )  # fmt: skip
        stage.settle()
        sound = "NOT EXISTS (SELECT FROM import_problem x WHERE x.row = s.row)"
        stage.sql(
            "INSERT INTO {s} (row, currency, quote, rate, as_of, publisher)"  # noqa: S608
            " SELECT s.row, s.currency, upper(btrim(c.header)), c.value::numeric, s.as_of,"
            f" s.publisher FROM {{s}} s, {_CELLS} WHERE NOT {_NONE} AND {sound}"
        )
        stage.sql(f"DELETE FROM {{s}} s WHERE s.rates IS NOT NULL AND {sound}")  # noqa: S608

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(self.unique, "currencies, day and publisher")
        alone = "s.rates IS NULL"
        stage.refuse(
            "currency", "missing", "Name the currency.", f"s.currency IS NULL AND {alone}",
            unread="currency",
        )  # fmt: skip
        stage.refuse(
            "quote", "missing", "Name the currency that the rate is given in.",
            f"s.quote IS NULL AND s.currency IS NOT NULL AND {alone}", unread="quote",
        )  # fmt: skip
        stage.refuse(
            "publisher", "missing", "Say who publishes the rate.",
            f"s.publisher IS NULL AND {alone}", unread="publisher",
        )  # fmt: skip
        stage.refuse(
            "rate", "missing", "This row has no rate.", f"s.rate IS NULL AND {alone}",
            unread="rate",
        )  # fmt: skip
        stage.refuse("rate", "not_positive", "A rate is above 0.", "s.rate <= 0")
        stage.refuse("quote", "same_currency", "Name another currency.", "s.quote = s.currency")
        stage.refuse(
            "as_of", "in_future", "This day has not come yet.", "s.as_of > %s",
            [clock.business_day()],
        )  # fmt: skip
        stage.refuse("as_of", "too_early", f"{TOO_EARLY} {FIRST_DAY}.", "s.as_of < %s", [FIRST_DAY])

    def tell(self, stage: Stage) -> None:
        outbox.post(RATES, {}, key=RATES)

    def after_undo(self, created: list[int], changed: list[int]) -> None:
        outbox.post(RATES, {}, key=RATES)
