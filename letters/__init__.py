"""How it is written: documents as files, and their printing. Knows no dossier, only named facts."""
