"""The document written again with what is wrong put right, and what follows from it; nothing else touched."""
