"""The Lead Database API: leads and what is kept about them."""
