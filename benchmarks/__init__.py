"""How fast, how large and how soon: ``python -m benchmarks.run``, by way of ``make bench`` and ``make bench-growth``.

``run.py`` lists the parts; each part is a file that says what it measures and what is wanted.
"""
