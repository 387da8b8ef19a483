"""What the ledger test reads: all operations, where they differ from their specification, a sample of each call."""
