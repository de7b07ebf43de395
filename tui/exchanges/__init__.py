"""What can be told of one exchange or two, from what went over the line; pure."""
