"""Every write of the monitoring."""
