"""Contracts, plan, audiences, disclosure control and analytics: rules that need no store."""
