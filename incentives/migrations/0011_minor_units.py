"""Amounts of pools and payouts have the places of their currency, which may be three.

The columns lose the bound of two places. No row is written: rows of payouts and histories are
sealed as they were, and one more zero would break the seals.
"""

from django.db import migrations, models

COLUMNS = {
    "bonuspool": (
        "validated", "rebate_lost", "project_cost", "earlier", "base", "amount",
        "carried_forward", "released_amount",
    ),
    "allocation": ("amount",),
    "payoutbatch": ("total", "base"),
    "payout": ("amount", "netted", "payroll"),
}  # fmt: skip
HISTORIES = ("bonuspool", "allocation")


def tables():
    """Model → columns, with the histories."""
    yield from COLUMNS.items()
    for name in HISTORIES:
        yield f"historical{name}", COLUMNS[name]


def retyped(kind):
    """Give the columns this type."""
    return "".join(
        f"ALTER TABLE incentives_{name} "
        + ", ".join(f"ALTER COLUMN {column} TYPE {kind}" for column in columns)
        + ";"
        for name, columns in tables()
    )


def bounded():
    """No amount has more places than a currency has."""
    return "".join(
        f"ALTER TABLE incentives_{name} ADD CONSTRAINT {name}_of_three_places CHECK ("
        + " AND ".join(f"round({column}, 3) = {column}" for column in columns)
        + ");"
        for name, columns in COLUMNS.items()
    )


def unbounded():
    """Without that bound."""
    return "".join(
        f"ALTER TABLE incentives_{name} DROP CONSTRAINT {name}_of_three_places;"
        for name in COLUMNS
    )


def field(model, name):
    """The field as it is now."""
    options = {"max_digits": 18, "decimal_places": 3}
    if name == "released_amount":
        options |= {"null": True, "blank": True}
    elif model.removeprefix("historical") in ("bonuspool", "allocation") or name in (
        "netted", "payroll",
    ):  # fmt: skip
        options["default"] = 0
    return models.DecimalField(**options)


class Migration(migrations.Migration):
    dependencies = [("incentives", "0010_withdrawn_splits")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    retyped("numeric") + bounded(), unbounded() + retyped("numeric(18, 2)")
                )
            ],
            state_operations=[
                migrations.AlterField(name, column, field(name, column))
                for name, columns in tables()
                for column in columns
            ],
        )
    ]
