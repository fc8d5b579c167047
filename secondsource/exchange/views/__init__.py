"""Pages of imports, BOM comparison and jobs."""
