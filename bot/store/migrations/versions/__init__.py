"""The revisions, each frozen once released: never import the schema here."""
