"""Floor 4: one file per group of the Marketo reference."""
