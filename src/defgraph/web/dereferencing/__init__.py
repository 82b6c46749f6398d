"""Every IRI answers: things, terms, graphs and shapes, whose they are, and what there is."""
