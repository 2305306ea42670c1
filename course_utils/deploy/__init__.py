"""A model deployed on one machine: processes, servers, a stream, and a router for two versions.

Everything listens on loopback only and ends with the notebook, also when its kernel is killed.
"""
