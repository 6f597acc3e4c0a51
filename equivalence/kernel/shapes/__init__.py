"""What numpy means on arrays of symbolic size; index terms and their normal form."""
