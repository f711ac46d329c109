"""Long work that survives a restart: asked for in somebody's act, done once, cancelled when asked.

Invariants: a job is durable before anybody is told that it was taken; its effect and its end are one transaction, so a
job that was killed half-way takes effect once or not at all; how often it is tried is bounded.
"""
