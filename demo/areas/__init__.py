"""One module an area, each with ``load(demo)``; later ones use what earlier ones made."""
