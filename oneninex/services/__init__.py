"""What a user does, each with its entry in the audit log."""
