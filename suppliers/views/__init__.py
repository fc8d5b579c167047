"""Pages of suppliers, their sites and manufacturer parts, of sources, offers, orders, receipts."""
