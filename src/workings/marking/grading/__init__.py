"""A class: a folder of answers marked by a scheme, one row a document."""
