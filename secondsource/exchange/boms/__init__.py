"""BOM imports against the data: what would be matched and made, writing it, taking it back."""
