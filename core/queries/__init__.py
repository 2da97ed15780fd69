"""The one engine of requests: fields, a tree of rules, SQL scoped by cabinet and right. Lists, filters, panels ask here."""
