"""The asyncio client for the Adobe Marketo Engage REST API."""
