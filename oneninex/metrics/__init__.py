"""What SQL cannot say: forecasts, arrival and its probability, what if. Numbers in, numbers out."""
