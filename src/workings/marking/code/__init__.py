"""Scripts with a forward and a backward pass: run apart, their numbers taken down and held against the true ones."""
