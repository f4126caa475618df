"""The demo's data work: from a file to a table, a profile, a cleaner table.

Knows no Streamlit. Whatever takes long tells how far it is through a `Progress`.
"""
