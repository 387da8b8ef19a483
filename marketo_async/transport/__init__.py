"""Floor 3: the only place that waits. Limits, token, attempts, retries, pages."""
