"""The wheel in environments of its own: what an ordinary run of the tests leaves out."""
