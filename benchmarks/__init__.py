"""Measurements that print what they find and assert nothing: the times belong to the machine."""
