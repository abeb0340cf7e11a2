"""The network of a document that comes with none: read off it, and believed if it retraces the numbers."""
