"""Those who write many companies and MPNs go one after the other."""

#: Imports, their undoings and mergers of suppliers wait for each other.
TURN = "exchange.import"
