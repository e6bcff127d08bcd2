"""Pure decisions of the monitoring: due dates and findings. No framework, no tables."""
