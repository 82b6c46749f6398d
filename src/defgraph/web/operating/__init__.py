"""For those who look after a server: whether it lives, its numbers, its warnings."""
