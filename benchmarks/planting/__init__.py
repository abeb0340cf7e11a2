"""Worked documents with planted slips, made at random: ``python -m benchmarks.planted``."""
