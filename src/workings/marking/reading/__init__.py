"""From any text to claims: formats, equality chains, numbers told in words, each with its place."""
