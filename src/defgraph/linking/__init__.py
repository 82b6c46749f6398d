"""Links between our things and those of other datasets: judged, written as SSSOM, and taken in."""
