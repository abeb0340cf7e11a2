"""Steps turned into something to read."""
