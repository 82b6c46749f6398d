"""The pages for people: the first page with its box to ask, and the description of the API."""
