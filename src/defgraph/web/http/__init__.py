"""Requests and answers in the words of HTTP, whatever they are about."""
