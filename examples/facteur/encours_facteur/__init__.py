"""A module that hands messages to clients over to a mail server, by a folder."""
