"""What every labeling platform's export is turned into before it is counted."""
