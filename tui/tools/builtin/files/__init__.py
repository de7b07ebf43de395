"""What the file tools share: the root policy, reading, writing, walking and matching."""
