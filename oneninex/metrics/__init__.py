"""What SQL cannot say: agreement, forecasts, arrival and its probability, what if."""
