"""The shipped network files, usable by bare name: ``workings explain two-two-two``."""
