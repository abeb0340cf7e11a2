"""What is wrong: each link worked through again, each quantity held against its equation, each slip named."""
