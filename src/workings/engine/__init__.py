"""Fast numbers: training on examples and on tables. Knows nothing of equations."""
