"""Template tags of composed pages."""
