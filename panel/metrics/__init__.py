"""What Prometheus reads at /metrics: what processes added up in Redis, and small questions to the database."""
