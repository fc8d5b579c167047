"""Template tags of pools."""
