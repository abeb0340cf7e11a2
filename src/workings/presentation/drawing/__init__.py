"""Pictures as SVG: what a picture shows, where it stands, how it is written. Knows no network but its quantities."""
