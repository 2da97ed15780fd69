"""The mutual's own programs, invented: an API and a back office. They know nothing of Encours."""
