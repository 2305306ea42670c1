"""What lesson 22 needs to deploy a model on one machine: processes, servers, and a router.

Everything listens on loopback only and ends with the notebook, also when its kernel is killed.
"""
