"""Why a number is what it is: the equations, their numbers, and the steps in between."""
