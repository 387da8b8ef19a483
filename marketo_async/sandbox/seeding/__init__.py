"""Filling an instance with believable content of any size."""
