"""Who really answered and what it really cost, each fact with where it comes from; pure."""
