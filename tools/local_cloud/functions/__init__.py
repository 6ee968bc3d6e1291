"""The Lambda service of the local cloud: real handlers, in this process, each in a world of its own."""
