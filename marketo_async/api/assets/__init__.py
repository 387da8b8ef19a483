"""The Asset API: programs and what they are made of."""
