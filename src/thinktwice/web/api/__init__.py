"""The API of the operator's servers and of staff tools (DESIGN section 5, *HTTP*).

Invariants: the decision core is reached only through ``DecisionDesk``; the mode of the API key alone decides what is
a test; every call that is served is described in the OpenAPI document, and every call described is served.
"""
