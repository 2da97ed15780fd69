"""The help inside the product: chapters and tutorials written in Markdown, rendered once."""
