"""What SQL cannot say: agreement between people."""
