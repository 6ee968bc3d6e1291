"""The Lambda service of the local cloud: real handlers in this process, each with its own modules."""
