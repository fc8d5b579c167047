"""Pages of categories, parts, products and exchange rates."""
