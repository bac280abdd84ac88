"""The runbook tried for real on one machine: two replicas, kills, a restore, another key."""
