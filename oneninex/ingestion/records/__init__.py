"""What the readers of platform exports share: records within bounds, and single values."""
