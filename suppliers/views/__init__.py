"""Pages of receipts, orders and offers."""
