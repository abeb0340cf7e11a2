"""Is what somebody wrote right? A document is read, bound to quantities, worked through again and compared."""
