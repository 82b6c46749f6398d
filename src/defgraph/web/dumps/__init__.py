"""Everything to take away: the dumps, made once a generation and sent from disk."""
