"""What SQL cannot say: agreement, forecasts, arrival and its probability, working days, what if."""
