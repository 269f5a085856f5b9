"""What the house tells all customers, or those who work with API keys, until they put it away."""
