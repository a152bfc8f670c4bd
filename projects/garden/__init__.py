"""The flower beds: what fits where (G2), the year in flowers, the season's vote, and their pages."""
