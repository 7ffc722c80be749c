"""Reperform: the SOC 2 system whose report can be re-performed.

The packages are the stages of the line, in order; a stage imports only the stages before it:

    base -> ledger -> accounts -> catalog -> program -> connectors -> evidence -> testing
         -> audit -> report -> noticing
    then the surfaces: web, api, cli; then the server
"""
