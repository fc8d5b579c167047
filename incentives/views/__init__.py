"""Pages of savings, pools and targets."""
