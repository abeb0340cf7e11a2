"""What an equation is: trees, their values, their derivatives, and how they are read and written."""
