"""The parts of the gradient check: differences, what they are taken of, and who or what is to blame."""
