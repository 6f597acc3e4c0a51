"""What numpy means on exact and symbolic scalars."""
