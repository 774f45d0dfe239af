"""What clients change: entities named by ids, checked as the service checks them, and the events that follow."""
