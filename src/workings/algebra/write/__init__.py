"""Expressions as plain text, LaTeX and MathML."""
