"""Claims in the formats of others: linked data (schema.org, nanopublications, SKOS), tables, and how to cite them.

A record written at publication in, text out; nothing here asks the database.
"""
