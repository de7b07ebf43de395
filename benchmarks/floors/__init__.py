"""What ours is measured against: the least a program of its kind must do, each one of its own."""
