"""The story wall as residents see it: the frieze, one panel, how the wall was made, what neighbours remember."""
