"""The dossier of a case: everything behind its approval, read once and set as a PDF."""
