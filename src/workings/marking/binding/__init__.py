"""What a name may mean: the quantities of a network beside each other, and the writer's numbers on them."""
