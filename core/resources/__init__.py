"""The resources of `/api/v1`: one module a noun, each operation a few lines over the services that pages call."""
