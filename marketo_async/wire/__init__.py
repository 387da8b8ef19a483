"""Floor 1: requests and answers as values. Nothing here waits, reads a clock or knows an HTTP library."""
