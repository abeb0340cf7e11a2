"""The compiled engine: whole epochs in machine code, made of the records of ``network``; needs ``[train]``."""
