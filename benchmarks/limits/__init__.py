"""What clients do about Marketo's limits, against one another: alone, beside other integrations, and four at a time."""
