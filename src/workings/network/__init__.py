"""What is trained: activations, losses, networks and their files, as plain data."""
