<<<<<<< HEAD
"""What SQL cannot say: agreement, forecasts, arrival and its probability, what if."""
=======
"""What SQL cannot say: agreement between people, working days."""
>>>>>>> compare
