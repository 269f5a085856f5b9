"""The like exchange's contract (contracts: likenama-v1): its API, its login through Instagram, and the pictures."""
