"""Index versions on disk: manifest, atomic switch, integrity."""
