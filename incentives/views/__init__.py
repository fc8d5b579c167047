"""Pages of negotiations, splits, savings, pools and targets."""
